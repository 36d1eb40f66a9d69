import { solve } from './solve.ts'

self.addEventListener('message', ({ data }: MessageEvent<{ readonly text: string; readonly bits: number }>) => {
  self.postMessage(solve(data.text, data.bits))
})
