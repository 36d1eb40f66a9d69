import { readFileSync } from 'node:fs'
import type { Reader } from './config.ts'
import { readGoogleIdentity } from './tickets/google-wallet.ts'
import type { GoogleIdentity } from './tickets/google-wallet.ts'
import { readWalletIdentity } from './tickets/wallet-pass.ts'
import type { WalletIdentity } from './tickets/wallet-pass.ts'

/** A PEM file: the private key, the certificate for passes, and Apple's intermediate certificate. */
export function readAppleWallet(read: Reader): WalletIdentity | null {
  const path = read.optional('APPLE_WALLET')
  if (path === null) return null
  return attempt(read, 'APPLE_WALLET must be a PEM file for passes', () =>
    readWalletIdentity(readFileSync(path, 'utf8')),
  )
}

/** The key file of a service account, and the id of the issuer that it signs for. */
export function readGoogleWallet(read: Reader): GoogleIdentity | null {
  const path = read.optional('GOOGLE_WALLET')
  const issuerId = read.optional('GOOGLE_WALLET_ISSUER')
  if (path === null && issuerId === null) return null
  if (path === null || issuerId === null) {
    read.problems.push('GOOGLE_WALLET and GOOGLE_WALLET_ISSUER go together')
    return null
  }
  return attempt(read, 'GOOGLE_WALLET must be a key file of a service account', () =>
    readGoogleIdentity(readFileSync(path, 'utf8'), issuerId),
  )
}

function attempt<Value>(read: Reader, wanted: string, readFile: () => Value): Value | null {
  try {
    return readFile()
  } catch (error) {
    read.problems.push(`${wanted}: ${error instanceof Error ? error.message : 'unreadable'}`)
    return null
  }
}
