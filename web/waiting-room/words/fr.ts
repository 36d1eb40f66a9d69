import type { WaitingMessages } from './en.ts'

export const words: WaitingMessages = {
  rush: 'Cette séance est très demandée',
  rush_text:
    'Les places se choisissent à partir du {time}. Inscrivez-vous dès maintenant : l’ordre sera tiré au sort entre tous les inscrits, sans avantage pour les premiers arrivés.',
  queue: 'Il y a une file d’attente',
  queue_text:
    'Une personne attend. Prenez place derrière elle.|{count} personnes attendent. Prenez place derrière elles.',
  join: 'Prendre place',
  joining: 'Un instant…',
  joined: 'Vous participez au tirage',
  joined_text:
    'L’ordre est tiré au sort le {time} et s’affiche ici. Vous pouvez fermer cette page et revenir avec le même navigateur.',
  ahead: '{count} personne avant vous|{count} personnes avant vous',
  next: 'C’est bientôt à vous',
  ahead_text:
    'C’est votre tour dans {count} minute au plus. Restez sur cette page.|C’est votre tour dans {count} minutes au plus. Restez sur cette page.',
  over: 'Votre temps est écoulé',
  over_text: 'D’autres sont entrés. Reprenez place à la fin de la file.',
  your_turn: 'C’est votre tour.',
  your_turn_until: 'Choisissez vos places avant {time}.',
  how_drawn: 'Comment l’ordre est tiré au sort',
  how_drawn_text:
    'L’ordinateur a créé d’avance une graine secrète et en montre l’empreinte dès le début, pour que personne ne puisse la changer. Après le tirage, il montre la graine : chacun peut recalculer l’ordre. L’aide pour les développeurs explique comment.',
  your_entry: 'Votre inscription',
  seed_hash: 'Empreinte de la graine (SHA-256)',
  seed: 'Graine',
}
