import { expect, test } from 'vitest'
import { listMovies } from '../../contract/catalogue.ts'
import { enqueue } from '../database/outbox.ts'
import { createMetrics } from '../platform/metrics.ts'
import { buySeats } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'

onBothEngines('/metrics', (engine) => {
  test('tells requests by route, acts by outcome, the outbox and the house, in the format of Prometheus', async () => {
    const app = await startApp(engine)
    const { showtimeId } = await makeShowtime(app)
    await buySeats(app, showtimeId, ['A1'])
    await app.call(listMovies)
    await app.inject({ method: 'POST', url: '/api/v1/nowhere' })
    await app.app.house.outbox.runOnce()
    await app.database.write(async (tx) => await enqueue(tx, 'nothing.known', {}))
    app.clock.advance(5000)
    const answer = await app.inject({ url: '/metrics' })
    expect(answer.headers['content-type']).toContain('text/plain')
    const text = answer.body
    expect(text).toContain('matinee_http_requests_total{method="GET",route="/api/v1/movies",status="200"} 1')
    expect(text).toContain('matinee_http_requests_total{method="POST",route="unknown",status="404"} 1')
    expect(text).toContain('matinee_bookings_made_total{status="201"} 1')
    expect(text).toContain('matinee_payment_confirmations_total{status="200"} 1')
    expect(text).toMatch(/matinee_outbox_waiting [1-9]/)
    expect(text).toContain('matinee_outbox_oldest_seconds 5')
    expect(text).toContain('matinee_live_listeners 0')
    expect(text).toMatch(/matinee_event_loop_delay_seconds\{quantile="0.99"\} [\d.e-]+/)
    expect(text).toMatch(/matinee_database_connections\{state="waiting"\} 0/)
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? -?[\d.e+-]+)$/)
    }
  })
})

test('a histogram counts upwards, labels are escaped, and a source that fails hides no other', async () => {
  const metrics = createMetrics()
  const seconds = metrics.histogram('took', 'Time', ['who'], [0.1, 1])
  for (const value of [0.05, 0.5, 0.5, 3]) seconds.observe(value, ['a"b\\c\nd'])
  metrics.gauge('gone', 'Fails', async () => {
    throw new Error('no database')
  })
  metrics.gauge('here', 'Works', () => 7)
  expect(await metrics.render()).toBe(
    [
      '# HELP took Time',
      '# TYPE took histogram',
      String.raw`took_bucket{who="a\"b\\c\nd",le="0.1"} 1`,
      String.raw`took_bucket{who="a\"b\\c\nd",le="1"} 3`,
      String.raw`took_bucket{who="a\"b\\c\nd",le="+Inf"} 4`,
      String.raw`took_sum{who="a\"b\\c\nd"} 4.05`,
      String.raw`took_count{who="a\"b\\c\nd"} 4`,
      '# HELP here Works',
      '# TYPE here gauge',
      'here 7',
      '',
    ].join('\n'),
  )
})
