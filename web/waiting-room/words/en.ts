/** Words of the waiting room. */
export const words = {
  rush: 'Many want to see this',
  rush_text:
    'Seats can be chosen from {time} on. Join now: everybody who has joined by then takes part in a draw of the order, and it makes no difference who came first.',
  queue: 'There is a queue',
  queue_text:
    'One person is waiting. Join to queue behind them.|{count} people are waiting. Join to queue behind them.',
  join: 'Join',
  joining: 'Joining…',
  joined: 'You are in the draw',
  joined_text:
    'The order is drawn at {time} and shows here. You may close this page and come back in the same browser.',
  ahead: '{count} person before you|{count} people before you',
  next: 'You are next',
  ahead_text:
    'It is your turn within {count} minute. Stay on this page.|It is your turn within {count} minutes. Stay on this page.',
  over: 'Your time is over',
  over_text: 'Others were let in. Join again to queue at the end.',
  your_turn: 'It is your turn.',
  your_turn_until: 'Choose your seats before {time}.',
  how_drawn: 'How the order is drawn',
  how_drawn_text:
    'The computer made a secret seed beforehand and shows its hash from the beginning, so that nobody can change it. After the draw it shows the seed: anybody can work out the order again. The developers’ pages of the help say how.',
  your_entry: 'Your entry',
  seed_hash: 'Hash of the seed (SHA-256)',
  seed: 'Seed',
}

export type WaitingMessages = Readonly<Record<keyof typeof words, string>>
