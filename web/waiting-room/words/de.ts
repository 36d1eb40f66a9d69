import type { WaitingMessages } from './en.ts'

export const words: WaitingMessages = {
  rush: 'Das wollen viele sehen',
  rush_text:
    'Plätze lassen sich ab {time} wählen. Stellen Sie sich jetzt an: Unter allen, die bis dahin da sind, wird die Reihenfolge ausgelost; wer zuerst kam, spielt keine Rolle.',
  queue: 'Es gibt eine Schlange',
  queue_text:
    'Eine Person wartet. Stellen Sie sich dahinter an.|{count} Personen warten. Stellen Sie sich dahinter an.',
  join: 'Anstellen',
  joining: 'Wird angestellt …',
  joined: 'Sie sind bei der Auslosung dabei',
  joined_text:
    'Die Reihenfolge wird um {time} ausgelost und erscheint hier. Sie können die Seite schließen und im selben Browser wiederkommen.',
  ahead: '{count} Person vor Ihnen|{count} Personen vor Ihnen',
  next: 'Sie sind als Nächstes dran',
  ahead_text:
    'In höchstens {count} Minute sind Sie an der Reihe. Bleiben Sie auf dieser Seite.|In höchstens {count} Minuten sind Sie an der Reihe. Bleiben Sie auf dieser Seite.',
  over: 'Ihre Zeit ist um',
  over_text: 'Andere wurden eingelassen. Stellen Sie sich erneut am Ende an.',
  your_turn: 'Sie sind an der Reihe.',
  your_turn_until: 'Wählen Sie Ihre Plätze vor {time}.',
  how_drawn: 'Wie die Reihenfolge ausgelost wird',
  how_drawn_text:
    'Der Rechner hat vorab einen geheimen Startwert erzeugt und zeigt von Anfang an dessen Prüfsumme, damit ihn niemand ändern kann. Nach der Auslosung zeigt er den Startwert: Jeder kann die Reihenfolge nachrechnen. Wie, steht in der Hilfe für Entwickler.',
  your_entry: 'Ihr Los',
  seed_hash: 'Prüfsumme des Startwerts (SHA-256)',
  seed: 'Startwert',
}
