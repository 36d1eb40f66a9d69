import type { MailWords } from './words.ts'

const notYou = 'Si ce n’était pas vous, réinitialisez votre mot de passe sans attendre et écrivez-nous.'

export const french: MailWords = {
  greeting: (name) => (name === null ? 'Bonjour,' : `Bonjour ${name},`),
  film: 'Film',
  when: 'Séance',
  before: 'Auparavant',
  where: 'Lieu',
  seats: 'Places',
  tickets: 'Billets',
  reference: 'Réservation',
  total: 'Total',
  refund: 'Remboursement',
  showBooking: 'Voir ma réservation',
  confirmEmail: 'Confirmer mon adresse',
  choosePassword: 'Choisir un nouveau mot de passe',
  openAccount: 'Ouvrir mon compte',
  openManagement: 'Installer mon cinéma',
  footer: (house) =>
    `${house} vous envoie ce message au sujet de votre réservation ou de votre compte. Les réponses à cette adresse ne sont pas lues.`,
  orOpen: 'Si le bouton ne fonctionne pas, ouvrez cette adresse :',
  confirmed: (film) => ({
    subject: `Vos billets pour ${film}`,
    paragraphs: [
      'votre réservation est confirmée. Vos billets sont joints ; présentez le code à l’entrée, sur papier ou sur votre téléphone.',
    ],
  }),
  cancelled: (film) => ({
    subject: `Annulation : ${film}`,
    paragraphs: ['votre réservation est annulée. Ses billets ne sont plus valables.'],
  }),
  partlyCancelled: (film, count) => ({
    subject: count === 1 ? `Un billet annulé : ${film}` : `${count} billets annulés : ${film}`,
    paragraphs: ['une partie de votre réservation est annulée. Les autres billets restent valables.'],
  }),
  uncollected: (film) => ({
    subject: `Votre réservation est annulée : ${film}`,
    paragraphs: [
      'nous sommes désolés : votre banque ne nous a pas permis d’encaisser le paiement. Votre réservation est donc annulée et ses billets ne sont plus valables. Rien n’a été débité.',
    ],
  }),
  screeningCancelled: (film, reason) => ({
    subject: `Cette séance n’aura pas lieu : ${film}`,
    paragraphs: [
      'nous sommes désolés : nous avons dû annuler cette séance, et votre réservation avec elle.',
      ...(reason === null ? [] : [`Le motif : ${reason}`]),
    ],
  }),
  exchanged: (film) => ({
    subject: `Vos nouveaux billets pour ${film}`,
    paragraphs: [
      'votre réservation est échangée. Les nouveaux billets sont joints ; les anciens ne sont plus valables.',
    ],
  }),
  reseated: (film) => ({
    subject: `Vos nouvelles places pour ${film}`,
    paragraphs: ['vos places ont changé. Les nouveaux billets sont joints ; les anciens ne sont plus valables.'],
  }),
  hallMoved: (film) => ({
    subject: `Changement de salle pour ${film}`,
    paragraphs: ['la séance a lieu dans une autre salle. Vos billets à jour sont joints ; merci d’utiliser ceux-ci.'],
  }),
  rescheduled: (film) => ({
    subject: `Changement : ${film}`,
    paragraphs: [
      'la séance que vous avez réservée a changé. Vos billets à jour sont joints.',
      'Si elle ne vous convient plus, vous pouvez annuler sans frais jusqu’au début de la séance.',
    ],
  }),
  refunded: (sum) => ({
    subject: `Remboursement de ${sum}`,
    paragraphs: ['nous vous avons remboursé une partie de votre paiement. Vos billets restent valables.'],
  }),
  refundOnItsWay: (sum) =>
    `${sum} vous sont remboursés par le moyen de paiement utilisé. Cela peut prendre quelques jours.`,
  refundAtCounter: (sum) => `Retirez ${sum} à la caisse, avec ce message ou la référence de votre réservation.`,
  verifyEmail: (house) => ({
    subject: `Confirmez votre adresse pour ${house}`,
    paragraphs: ['merci de confirmer que cette adresse est la vôtre.'],
  }),
  resetPassword: (house) => ({
    subject: `Un nouveau mot de passe pour ${house}`,
    paragraphs: [
      'un nouveau mot de passe a été demandé pour votre compte. Si ce n’était pas vous, il n’y a rien à faire : le vôtre reste valable.',
    ],
  }),
  linkLasts: (minutes) => `Le lien fonctionne une seule fois, pendant ${minutes} minutes.`,
  passwordChanged: (house) => ({
    subject: `Votre mot de passe pour ${house} a changé`,
    paragraphs: [
      'le mot de passe de votre compte a été changé, et tous les autres appareils sont déconnectés.',
      notYou,
    ],
  }),
  emailChanged: (house) => ({
    subject: `Votre adresse pour ${house} a changé`,
    paragraphs: ['votre compte a désormais une autre adresse. Celle-ci ne recevra plus de messages.', notYou],
  }),
  factorOn: (house) => ({
    subject: `Un second facteur protège votre compte chez ${house}`,
    paragraphs: [
      'désormais, la connexion demande un code de votre application. Gardez les codes de secours en lieu sûr.',
      notYou,
    ],
  }),
  factorOff: (house) => ({
    subject: `Le second facteur de votre compte chez ${house} est désactivé`,
    paragraphs: ['désormais, la connexion ne demande que votre mot de passe.', notYou],
  }),
  approved: (house) => ({
    subject: `Vous êtes propriétaire chez ${house}`,
    paragraphs: [
      'votre demande est acceptée : vous pouvez dès maintenant installer vos cinémas, vos salles et votre programme.',
    ],
  }),
  invited: (theatre) => ({
    subject: `Vous faites partie de l’équipe de ${theatre}`,
    paragraphs: [
      `${theatre} vous a ajouté à son équipe : caisse, entrée et recherches. Connectez-vous avec cette adresse ; si vous n’avez pas encore de compte, inscrivez-vous avec elle et confirmez-la.`,
    ],
  }),
}
