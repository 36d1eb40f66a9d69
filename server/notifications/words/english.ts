import type { MailWords } from './words.ts'

const notYou = 'If it was not you, reset your password now and write to us.'

export const english: MailWords = {
  greeting: (name) => (name === null ? 'Hello,' : `Hello ${name},`),
  film: 'Film',
  when: 'When',
  before: 'Before',
  where: 'Where',
  seats: 'Seats',
  tickets: 'Tickets',
  reference: 'Booking',
  total: 'Total',
  refund: 'Refund',
  showBooking: 'Show my booking',
  confirmEmail: 'Confirm my email',
  choosePassword: 'Choose a new password',
  openAccount: 'Open my account',
  openManagement: 'Set up my theatre',
  footer: (house) =>
    `${house} sent you this mail about your booking or your account. Answers to this address are not read.`,
  orOpen: 'If the button does not work, open this address:',
  confirmed: (film) => ({
    subject: `Your tickets for ${film}`,
    paragraphs: [
      'your booking is confirmed. The tickets are attached; show the code at the door, on paper or on your phone.',
    ],
  }),
  cancelled: (film) => ({
    subject: `Cancelled: ${film}`,
    paragraphs: ['your booking is cancelled. Its tickets do not open the door any more.'],
  }),
  partlyCancelled: (film, count) => ({
    subject: count === 1 ? `One ticket cancelled: ${film}` : `${count} tickets cancelled: ${film}`,
    paragraphs: ['part of your booking is cancelled. The other tickets remain valid.'],
  }),
  uncollected: (film) => ({
    subject: `Your booking is cancelled: ${film}`,
    paragraphs: [
      'we are sorry: your bank did not let us collect the money, so your booking is cancelled and its tickets do not open the door. You were not charged.',
    ],
  }),
  screeningCancelled: (film, reason) => ({
    subject: `This screening does not take place: ${film}`,
    paragraphs: [
      'we are sorry: we had to cancel this screening, and your booking with it.',
      ...(reason === null ? [] : [`The reason: ${reason}`]),
    ],
  }),
  exchanged: (film) => ({
    subject: `Your new tickets for ${film}`,
    paragraphs: [
      'your booking is exchanged. The new tickets are attached; the old ones do not open the door any more.',
    ],
  }),
  reseated: (film) => ({
    subject: `Your new seats for ${film}`,
    paragraphs: ['your seats have changed. The new tickets are attached; the old ones do not open the door any more.'],
  }),
  hallMoved: (film) => ({
    subject: `Another screen for ${film}`,
    paragraphs: [
      'the screening has moved to another screen. Your tickets as they are now are attached; please use these.',
    ],
  }),
  rescheduled: (film) => ({
    subject: `Changed: ${film}`,
    paragraphs: [
      'the screening you booked has changed. Your tickets as they are now are attached.',
      'If it does not suit you any more, you can cancel for free until it starts.',
    ],
  }),
  refunded: (sum) => ({
    subject: `Refund of ${sum}`,
    paragraphs: ['we have refunded part of your payment. Your tickets remain valid.'],
  }),
  refundOnItsWay: (sum) => `${sum} is on its way back to where you paid from. It can take some days to arrive.`,
  refundAtCounter: (sum) => `Please collect ${sum} at the counter, with this mail or your booking reference.`,
  verifyEmail: (house) => ({
    subject: `Confirm your email for ${house}`,
    paragraphs: ['please confirm that this address is yours.'],
  }),
  resetPassword: (house) => ({
    subject: `A new password for ${house}`,
    paragraphs: [
      'somebody asked for a new password for your account. If it was not you, there is nothing to do: your password stays.',
    ],
  }),
  linkLasts: (minutes) => `The link works once, and for ${minutes} minutes.`,
  passwordChanged: (house) => ({
    subject: `Your password for ${house} was changed`,
    paragraphs: ['the password of your account was changed, and every other device is signed out.', notYou],
  }),
  emailChanged: (house) => ({
    subject: `Your email for ${house} was changed`,
    paragraphs: ['your account has another email address now. No more mails come to this one.', notYou],
  }),
  factorOn: (house) => ({
    subject: `A second factor protects your account at ${house}`,
    paragraphs: [
      'from now on, signing in asks for a code of your app. Keep the recovery codes in a safe place.',
      notYou,
    ],
  }),
  factorOff: (house) => ({
    subject: `The second factor of your account at ${house} is off`,
    paragraphs: ['from now on, signing in asks for your password alone.', notYou],
  }),
  approved: (house) => ({
    subject: `You are an owner at ${house}`,
    paragraphs: ['an administrator has looked at your request: you may set up your theatres, halls and programme now.'],
  }),
  invited: (theatre) => ({
    subject: `You are on the staff of ${theatre}`,
    paragraphs: [
      `${theatre} has added you to its staff: counter, door and look-ups. Sign in with this email address; if you have no account yet, register with it and confirm it.`,
    ],
  }),
}
