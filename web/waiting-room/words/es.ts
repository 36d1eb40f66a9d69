import type { WaitingMessages } from './en.ts'

export const words: WaitingMessages = {
  rush: 'Muchos quieren verla',
  rush_text:
    'Las butacas se eligen a partir del {time}. Apúntese ahora: el orden se sortea entre todos los apuntados, y da igual quién llegó antes.',
  queue: 'Hay una cola',
  queue_text: 'Una persona espera. Póngase detrás de ella.|{count} personas esperan. Póngase detrás de ellas.',
  join: 'Apuntarse',
  joining: 'Un momento…',
  joined: 'Participa en el sorteo',
  joined_text: 'El orden se sortea el {time} y aparece aquí. Puede cerrar esta página y volver con el mismo navegador.',
  ahead: '{count} persona delante de usted|{count} personas delante de usted',
  next: 'Ya casi le toca',
  ahead_text:
    'Le toca en {count} minuto como mucho. No cierre esta página.|Le toca en {count} minutos como mucho. No cierre esta página.',
  over: 'Su tiempo ha terminado',
  over_text: 'Han entrado otros. Vuelva a apuntarse al final de la cola.',
  your_turn: 'Es su turno.',
  your_turn_until: 'Elija sus butacas antes de las {time}.',
  how_drawn: 'Cómo se sortea el orden',
  how_drawn_text:
    'El ordenador creó antes una semilla secreta y muestra su huella desde el principio, para que nadie pueda cambiarla. Tras el sorteo muestra la semilla: cualquiera puede volver a calcular el orden. La ayuda para desarrolladores explica cómo.',
  your_entry: 'Su inscripción',
  seed_hash: 'Huella de la semilla (SHA-256)',
  seed: 'Semilla',
}
