/** A mistake somebody could make: one text of one file that becomes another, and the tests that must notice. */
export interface PlantedBug {
  /** What is broken, in a line. */
  readonly what: string
  readonly file: string
  /** Stands there exactly once. */
  readonly find: string
  readonly replace: string
  readonly tests: readonly string[]
}

export const bugs: readonly PlantedBug[] = [
  {
    what: 'SQLite commits before the disk has it (synchronous = NORMAL)',
    file: 'server/database/sqlite-connection.ts',
    find: 'PRAGMA synchronous = FULL;',
    replace: 'PRAGMA synchronous = NORMAL;',
    tests: ['server/holds/place-hold.test.ts'],
  },
  {
    what: 'staff of one theatre work at all of them (the tenant check)',
    file: 'server/holds/policy.ts',
    find: 'return rows.length > 0',
    replace: 'return rows.length >= 0',
    tests: ['server/http/permissions.test.ts'],
  },
  {
    what: 'every owner owns every theatre',
    file: 'server/holds/policy.ts',
    find: "return caller.role === 'owner' && theatre.ownerId === caller.userId",
    replace: "return caller.role === 'owner' && theatre.ownerId !== ''",
    tests: ['server/http/permissions.test.ts'],
  },
  {
    what: 'a booking is anybody’s who shows any key at all',
    file: 'server/bookings/policy.ts',
    find: "return booking.holdId !== null && secrets.verify('hold token', booking.holdId, accessToken)",
    replace: "return booking.holdId !== null || secrets.verify('hold token', '', accessToken)",
    tests: ['server/bookings/keys.test.ts'],
  },
  {
    what: 'a voucher is not locked while it is spent (PostgreSQL)',
    file: 'server/payments/spend-voucher.ts',
    find: ".$if(tx.raw.engine === 'postgres', (query) => query.forUpdate())",
    replace: '',
    tests: ['server/payments/vouchers.race.test.ts'],
  },
  {
    what: 'an unpaid booking is expired while it lives, and lives when it has expired (the state check swapped)',
    file: 'server/bookings/model.ts',
    find: 'booking.expiresAt !== null && booking.expiresAt <= nowMs',
    replace: 'booking.expiresAt !== null && booking.expiresAt > nowMs',
    tests: ['server/bookings/create-booking.test.ts'],
  },
  {
    what: 'a payment webhook counts whatever its signature is',
    file: 'server/payments/test-webhook.ts',
    find: 'return given.length === expected.length && timingSafeEqual(given, expected)',
    replace: 'return given.length === given.length || timingSafeEqual(given, expected)',
    tests: ['server/payments/test-webhook.test.ts', 'server/bookings/payment-events.test.ts'],
  },
  {
    what: 'an old payment webhook can be sent again for ever',
    file: 'server/payments/test-webhook.ts',
    find: 'const toleranceSeconds = 300',
    replace: 'const toleranceSeconds = 300_000_000',
    tests: ['server/payments/test-webhook.test.ts', 'server/bookings/payment-events.test.ts'],
  },
  {
    what: 'more is given back than was paid',
    file: 'server/bookings/payment-routes.ts',
    find: 'if (amount > left || amount === 0)',
    replace: 'if (amount === 0)',
    tests: ['server/bookings/create-booking.test.ts', 'server/bookings/payment.race.test.ts'],
  },
  {
    what: 'an access token never expires',
    file: 'server/accounts/access-tokens.ts',
    find: 'if (claims.exp * 1000 <= nowMs) return null',
    replace: '',
    tests: ['server/accounts/access-tokens.test.ts'],
  },
  {
    what: 'an access token for another house is taken',
    file: 'server/accounts/access-tokens.ts',
    find: 'aud: Type.Literal(audience),',
    replace: 'aud: Type.String(),',
    tests: ['server/accounts/access-tokens.test.ts'],
  },
  {
    what: 'a refresh token that comes back a second time ends nothing',
    file: 'server/accounts/refresh-session.ts',
    find: 'await endSession(tx, parts, session)',
    replace: 'void endSession',
    tests: ['server/accounts/sign-in.test.ts'],
  },
  {
    what: 'a page of another site may act with the cookie',
    file: 'server/accounts/session-cookie.ts',
    find: 'return host !== undefined && from.host === host.toLowerCase()',
    replace: 'return host !== undefined && from.host !== host.toUpperCase()',
    tests: ['server/accounts/cookies.test.ts'],
  },
  {
    what: 'a wrong password takes longer where there is an account',
    file: 'server/accounts/log-in.ts',
    find: 'const hash = account?.passwordHash ?? null',
    replace: "if (!account) return refuse('invalid_credentials')\n  const hash = account.passwordHash ?? null",
    tests: ['server/accounts/throttling.test.ts'],
  },
  {
    what: 'a webhook goes to a private address where a name also has a public one (SSRF)',
    file: 'server/events/send-webhook.ts',
    find: 'if (!addresses.every((each) => outside.isAllowed(each)))',
    replace: 'if (!addresses.some((each) => outside.isAllowed(each)))',
    tests: ['server/events/events.test.ts'],
  },
  {
    what: 'a formula in a report runs',
    file: 'server/reports/csv.ts',
    find: "const safe = formulaStart.test(cell) ? `'${cell}` : cell",
    replace: 'const safe = formulaStart.test(cell) ? cell : cell',
    tests: ['server/reports/csv.test.ts'],
  },
  {
    what: 'two showtimes meet in the turnaround of an auditorium',
    file: 'server/showtimes/overlap.ts',
    find: 'slot.busyUntil > next.slot.startsAt',
    replace: 'slot.endsAt > next.slot.startsAt',
    tests: ['server/showtimes/overlap.test.ts', 'server/showtimes/create-showtime.test.ts'],
  },
  {
    what: 'another body under a known Idempotency-Key hears the first answer',
    file: 'server/http/idempotency.ts',
    find: 'if (kept.bodyHash !== request.bodyHash)',
    replace: "if (kept.bodyHash === '')",
    tests: ['server/http/idempotency.race.test.ts'],
  },
  {
    what: 'a promo code has one use too many',
    file: 'server/promotions/use-promotion.ts',
    find: 'uses >= promotion.maxUses',
    replace: 'uses > promotion.maxUses',
    tests: ['server/promotions/promotions.race.test.ts'],
  },
  {
    what: 'general admission sells one place too many',
    file: 'server/holds/commands.ts',
    find: 'if (available >= wish.count)',
    replace: 'if (available >= wish.count - 1)',
    tests: ['server/holds/place-hold.race.test.ts'],
  },
  {
    what: 'an answer to a guest’s key is kept by caches',
    file: 'server/http/server.ts',
    find: "key !== undefined || url.includes('accessToken=')",
    replace: "key === ''",
    tests: ['server/http/hostile-clients.test.ts'],
  },
  {
    what: 'a problem document tells the query, and with it a guest’s key',
    file: 'server/http/problem.ts',
    find: 'instance: path,',
    replace: 'instance: `${path}${url.slice(path.length)}`,',
    tests: ['fuzz/fuzz.test.ts'],
  },
]
