import type { MailWords } from './words.ts'

const notYou = 'Wenn Sie das nicht waren, setzen Sie bitte sofort Ihr Passwort zurück und schreiben Sie uns.'

export const german: MailWords = {
  greeting: (name) => (name === null ? 'Guten Tag,' : `Guten Tag ${name},`),
  film: 'Film',
  when: 'Beginn',
  before: 'Bisher',
  where: 'Ort',
  seats: 'Plätze',
  tickets: 'Karten',
  reference: 'Buchung',
  total: 'Gesamt',
  refund: 'Erstattung',
  showBooking: 'Meine Buchung ansehen',
  confirmEmail: 'E-Mail-Adresse bestätigen',
  choosePassword: 'Neues Passwort wählen',
  openAccount: 'Mein Konto öffnen',
  openManagement: 'Mein Kino einrichten',
  footer: (house) =>
    `Diese Mail schickt Ihnen ${house} zu Ihrer Buchung oder Ihrem Konto. Antworten an diese Adresse werden nicht gelesen.`,
  orOpen: 'Wenn der Knopf nicht geht, öffnen Sie diese Adresse:',
  confirmed: (film) => ({
    subject: `Ihre Karten für ${film}`,
    paragraphs: [
      'Ihre Buchung ist bestätigt. Die Karten sind angehängt; zeigen Sie den Code am Einlass, auf Papier oder am Telefon.',
    ],
  }),
  cancelled: (film) => ({
    subject: `Storniert: ${film}`,
    paragraphs: ['Ihre Buchung ist storniert. Die Karten gelten nicht mehr.'],
  }),
  partlyCancelled: (film, count) => ({
    subject: count === 1 ? `Eine Karte storniert: ${film}` : `${count} Karten storniert: ${film}`,
    paragraphs: ['ein Teil Ihrer Buchung ist storniert. Die anderen Karten gelten weiter.'],
  }),
  uncollected: (film) => ({
    subject: `Ihre Buchung ist storniert: ${film}`,
    paragraphs: [
      'es tut uns leid: Ihre Bank hat die Zahlung nicht freigegeben. Ihre Buchung ist deshalb storniert, und die Karten gelten nicht mehr. Es wurde nichts abgebucht.',
    ],
  }),
  screeningCancelled: (film, reason) => ({
    subject: `Diese Vorstellung fällt aus: ${film}`,
    paragraphs: [
      'es tut uns leid: Wir mussten diese Vorstellung absagen, und mit ihr Ihre Buchung.',
      ...(reason === null ? [] : [`Der Grund: ${reason}`]),
    ],
  }),
  exchanged: (film) => ({
    subject: `Ihre neuen Karten für ${film}`,
    paragraphs: ['Ihre Buchung ist umgetauscht. Die neuen Karten sind angehängt; die alten gelten nicht mehr.'],
  }),
  reseated: (film) => ({
    subject: `Ihre neuen Plätze für ${film}`,
    paragraphs: ['Ihre Plätze haben sich geändert. Die neuen Karten sind angehängt; die alten gelten nicht mehr.'],
  }),
  hallMoved: (film) => ({
    subject: `Anderer Saal für ${film}`,
    paragraphs: [
      'die Vorstellung findet in einem anderen Saal statt. Ihre Karten, wie sie jetzt gelten, sind angehängt; bitte verwenden Sie diese.',
    ],
  }),
  rescheduled: (film) => ({
    subject: `Geändert: ${film}`,
    paragraphs: [
      'die Vorstellung, die Sie gebucht haben, hat sich geändert. Ihre Karten, wie sie jetzt gelten, sind angehängt.',
      'Wenn es Ihnen nicht mehr passt, können Sie bis zum Beginn kostenlos stornieren.',
    ],
  }),
  refunded: (sum) => ({
    subject: `Erstattung von ${sum}`,
    paragraphs: ['wir haben Ihnen einen Teil Ihrer Zahlung erstattet. Ihre Karten gelten weiter.'],
  }),
  refundOnItsWay: (sum) => `${sum} gehen dorthin zurück, woher Sie bezahlt haben. Das kann einige Tage dauern.`,
  refundAtCounter: (sum) => `Bitte holen Sie ${sum} an der Kasse ab, mit dieser Mail oder Ihrer Buchungsnummer.`,
  verifyEmail: (house) => ({
    subject: `Bestätigen Sie Ihre E-Mail-Adresse für ${house}`,
    paragraphs: ['bitte bestätigen Sie, dass diese Adresse Ihnen gehört.'],
  }),
  resetPassword: (house) => ({
    subject: `Ein neues Passwort für ${house}`,
    paragraphs: [
      'jemand hat ein neues Passwort für Ihr Konto angefordert. Wenn Sie das nicht waren, ist nichts zu tun: Ihr Passwort bleibt.',
    ],
  }),
  linkLasts: (minutes) => `Der Link gilt einmal und ${minutes} Minuten lang.`,
  passwordChanged: (house) => ({
    subject: `Ihr Passwort für ${house} wurde geändert`,
    paragraphs: ['das Passwort Ihres Kontos wurde geändert, und alle anderen Geräte sind abgemeldet.', notYou],
  }),
  emailChanged: (house) => ({
    subject: `Ihre E-Mail-Adresse für ${house} wurde geändert`,
    paragraphs: ['Ihr Konto hat jetzt eine andere E-Mail-Adresse. An diese kommen keine Mails mehr.', notYou],
  }),
  factorOn: (house) => ({
    subject: `Ein zweiter Faktor schützt Ihr Konto bei ${house}`,
    paragraphs: [
      'ab jetzt wird bei der Anmeldung ein Code Ihrer App verlangt. Verwahren Sie die Ersatzcodes gut.',
      notYou,
    ],
  }),
  factorOff: (house) => ({
    subject: `Der zweite Faktor Ihres Kontos bei ${house} ist aus`,
    paragraphs: ['ab jetzt genügt bei der Anmeldung Ihr Passwort.', notYou],
  }),
  approved: (house) => ({
    subject: `Sie sind Inhaber bei ${house}`,
    paragraphs: ['Ihr Antrag ist angenommen: Sie können jetzt Ihre Kinos, Säle und Ihr Programm einrichten.'],
  }),
  invited: (theatre) => ({
    subject: `Sie gehören zum Team von ${theatre}`,
    paragraphs: [
      `${theatre} hat Sie in sein Team aufgenommen: Kasse, Einlass und Auskunft. Melden Sie sich mit dieser E-Mail-Adresse an; wenn Sie noch kein Konto haben, registrieren Sie sich damit und bestätigen Sie sie.`,
    ],
  }),
}
