import { dynamodbHostPaceStore } from '#adapters/dynamodb/host-pace-store.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { nodeIds } from '#adapters/node/ids.ts';
import { s3Artifacts } from '#adapters/s3/artifacts.ts';
import { parseEnv } from '#runtime/index.ts';
import type { ScoutServices } from '../../agents/scout.ts';
import { scoutServices } from '../../sources/scout-services.ts';
import { scoutEnv } from './env.ts';

/** The services of scouts and readers, by the variables of their function. */
export function servicesOfFunction(): ScoutServices {
  const { STATE_TABLE, SNAPSHOT_BUCKET, WEB_CONTACT, ALLOW_STAND_IN } = parseEnv(scoutEnv);
  return scoutServices({
    artifacts: s3Artifacts(),
    bucket: SNAPSHOT_BUCKET,
    paces: dynamodbHostPaceStore({ table: STATE_TABLE }),
    clock: systemClock(),
    ids: nodeIds(),
    contact: WEB_CONTACT,
    standInAddress: ALLOW_STAND_IN,
  });
}
