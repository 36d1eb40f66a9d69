import { killed } from './f01-killed.ts'
import { powerCut } from './f02-power-cut.ts'
import { postgresPowerCut } from './f03-postgres-power-cut.ts'
import { fullDisk } from './f04-full-disk.ts'
import { slowDisk } from './f05-slow-disk.ts'
import { failedFsync } from './f06-failed-fsync.ts'
import { failedReadsAndWrites } from './f07-failed-io.ts'
import { clockJumps } from './f08-clock-jumps.ts'
import { clocksApart } from './f09-clocks-apart.ts'
import { clockChange } from './f10-clock-change.ts'
import { postgresRestarts } from './f11-postgres-restarts.ts'
import { failover } from './f12-failover.ts'
import { standbyUnheard } from './f13-standby-unheard.ts'
import { lossyFailover } from './f14-lossy-failover.ts'
import { cutCommit } from './f15-cut-commit.ts'
import { networkStalls } from './f16-network-stalls.ts'
import { clientVanishes } from './f17-client-vanishes.ts'
import { twoServers } from './f20-two-servers.ts'
import { frozenHolder } from './f21-frozen-holder.ts'
import { longPause } from './f22-long-pause.ts'
import { noMemory } from './f23-no-memory.ts'
import { drain } from './f24-drain.ts'
import { wrongSettings } from './f26-wrong-settings.ts'
import { damagedFile } from './f27-damaged-file.ts'
import { interruptedMigration } from './f28-interrupted-migration.ts'
import { noDescriptors } from './f30-no-descriptors.ts'
import { lapseTogether } from './f32-lapse-together.ts'
import type { Fault } from './fault.ts'

/** Every fault that can be brought about, by its number. */
export const faults: readonly Fault[] = [
  killed,
  powerCut,
  postgresPowerCut,
  fullDisk,
  slowDisk,
  failedFsync,
  failedReadsAndWrites,
  clockJumps,
  clocksApart,
  clockChange,
  postgresRestarts,
  failover,
  standbyUnheard,
  lossyFailover,
  cutCommit,
  networkStalls,
  clientVanishes,
  twoServers,
  frozenHolder,
  longPause,
  noMemory,
  drain,
  wrongSettings,
  damagedFile,
  interruptedMigration,
  noDescriptors,
  lapseTogether,
]
