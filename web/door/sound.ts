/** Hertz and seconds, one tone after the other. */
const tones = {
  good: [
    [880, 0.09],
    [1320, 0.14],
  ],
  bad: [
    [196, 0.22],
    [147, 0.34],
  ],
} as const
const vibrations = { good: [60], bad: [200, 80, 200] } as const

let context: AudioContext | null = null

/** Says by ear and hand what the screen says by colour. Heard once the page has been touched: browsers ask for that. */
export function signal(kind: keyof typeof tones): void {
  navigator.vibrate?.([...vibrations[kind]])
  context ??= new AudioContext()
  if (context.state === 'suspended') void context.resume()
  let at = context.currentTime
  for (const [hertz, seconds] of tones[kind]) {
    const tone = context.createOscillator()
    const loudness = context.createGain()
    tone.type = kind === 'good' ? 'sine' : 'square'
    tone.frequency.value = hertz
    loudness.gain.setValueAtTime(0.25, at)
    loudness.gain.exponentialRampToValueAtTime(0.001, at + seconds)
    tone.connect(loudness).connect(context.destination)
    tone.start(at)
    at += seconds
    tone.stop(at)
  }
}
