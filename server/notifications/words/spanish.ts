import type { MailWords } from './words.ts'

const notYou = 'Si no ha sido usted, restablezca su contraseña ahora mismo y escríbanos.'

export const spanish: MailWords = {
  greeting: (name) => (name === null ? 'Hola:' : `Hola, ${name}:`),
  film: 'Película',
  when: 'Sesión',
  before: 'Antes',
  where: 'Lugar',
  seats: 'Butacas',
  tickets: 'Entradas',
  reference: 'Reserva',
  total: 'Total',
  refund: 'Devolución',
  showBooking: 'Ver mi reserva',
  confirmEmail: 'Confirmar mi correo',
  choosePassword: 'Elegir una contraseña nueva',
  openAccount: 'Abrir mi cuenta',
  openManagement: 'Configurar mi cine',
  footer: (house) =>
    `${house} le envía este mensaje sobre su reserva o su cuenta. Las respuestas a esta dirección no se leen.`,
  orOpen: 'Si el botón no funciona, abra esta dirección:',
  confirmed: (film) => ({
    subject: `Sus entradas para ${film}`,
    paragraphs: [
      'su reserva está confirmada. Las entradas van adjuntas; muestre el código en la puerta, en papel o en su teléfono.',
    ],
  }),
  cancelled: (film) => ({
    subject: `Cancelación: ${film}`,
    paragraphs: ['su reserva está cancelada. Sus entradas ya no son válidas.'],
  }),
  partlyCancelled: (film, count) => ({
    subject: count === 1 ? `Una entrada cancelada: ${film}` : `${count} entradas canceladas: ${film}`,
    paragraphs: ['una parte de su reserva está cancelada. Las demás entradas siguen siendo válidas.'],
  }),
  uncollected: (film) => ({
    subject: `Su reserva está cancelada: ${film}`,
    paragraphs: [
      'lo sentimos: su banco no nos ha permitido cobrar el pago, por lo que su reserva queda cancelada y sus entradas ya no valen. No se le ha cobrado nada.',
    ],
  }),
  screeningCancelled: (film, reason) => ({
    subject: `Esta sesión no se celebrará: ${film}`,
    paragraphs: [
      'lo sentimos: hemos tenido que cancelar esta sesión, y con ella su reserva.',
      ...(reason === null ? [] : [`El motivo: ${reason}`]),
    ],
  }),
  exchanged: (film) => ({
    subject: `Sus nuevas entradas para ${film}`,
    paragraphs: ['su reserva se ha cambiado. Las nuevas entradas van adjuntas; las anteriores ya no son válidas.'],
  }),
  reseated: (film) => ({
    subject: `Sus nuevas butacas para ${film}`,
    paragraphs: ['sus butacas han cambiado. Las nuevas entradas van adjuntas; las anteriores ya no son válidas.'],
  }),
  hallMoved: (film) => ({
    subject: `Otra sala para ${film}`,
    paragraphs: ['la sesión se celebra en otra sala. Sus entradas actualizadas van adjuntas; use estas, por favor.'],
  }),
  rescheduled: (film) => ({
    subject: `Cambio: ${film}`,
    paragraphs: [
      'la sesión que reservó ha cambiado. Sus entradas actualizadas van adjuntas.',
      'Si ya no le conviene, puede cancelar sin coste hasta el comienzo.',
    ],
  }),
  refunded: (sum) => ({
    subject: `Devolución de ${sum}`,
    paragraphs: ['le hemos devuelto una parte de su pago. Sus entradas siguen siendo válidas.'],
  }),
  refundOnItsWay: (sum) => `${sum} vuelven al medio con el que pagó. Puede tardar unos días.`,
  refundAtCounter: (sum) => `Recoja ${sum} en la taquilla, con este mensaje o con su número de reserva.`,
  verifyEmail: (house) => ({
    subject: `Confirme su correo para ${house}`,
    paragraphs: ['confirme, por favor, que esta dirección es suya.'],
  }),
  resetPassword: (house) => ({
    subject: `Una contraseña nueva para ${house}`,
    paragraphs: [
      'se ha pedido una contraseña nueva para su cuenta. Si no ha sido usted, no tiene que hacer nada: la suya sigue valiendo.',
    ],
  }),
  linkLasts: (minutes) => `El enlace funciona una sola vez, durante ${minutes} minutos.`,
  passwordChanged: (house) => ({
    subject: `Su contraseña de ${house} ha cambiado`,
    paragraphs: ['la contraseña de su cuenta ha cambiado y los demás dispositivos están desconectados.', notYou],
  }),
  emailChanged: (house) => ({
    subject: `Su correo para ${house} ha cambiado`,
    paragraphs: ['su cuenta tiene ahora otro correo. A este ya no llegarán mensajes.', notYou],
  }),
  factorOn: (house) => ({
    subject: `Un segundo factor protege su cuenta en ${house}`,
    paragraphs: [
      'desde ahora, al entrar se pide un código de su aplicación. Guarde bien los códigos de recuperación.',
      notYou,
    ],
  }),
  factorOff: (house) => ({
    subject: `El segundo factor de su cuenta en ${house} está desactivado`,
    paragraphs: ['desde ahora, al entrar solo se pide su contraseña.', notYou],
  }),
  approved: (house) => ({
    subject: `Ya es propietario en ${house}`,
    paragraphs: ['hemos aceptado su solicitud: ya puede configurar sus cines, sus salas y su programación.'],
  }),
  invited: (theatre) => ({
    subject: `Forma parte del equipo de ${theatre}`,
    paragraphs: [
      `${theatre} le ha añadido a su equipo: taquilla, puerta y consultas. Entre con este correo; si aún no tiene cuenta, regístrese con él y confírmelo.`,
    ],
  }),
}
