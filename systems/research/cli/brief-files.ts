import { rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  GetObjectCommand,
  HeadObjectCommand,
  NotFound,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { makeFolder } from '#cli/make-folder.ts';
import { UserError } from '#cli/user-error.ts';
import { inParallel } from '#core/concurrency/in-parallel.ts';
import { briefSchema, type Brief } from '../brief/schema.ts';

/** Where the briefs of runs are. */
export interface BriefPlace {
  readonly s3: S3Client;
  readonly bucket: string;
}

/** The brief of a cancelled run is written after its end. */
const WRITTEN_WITHIN_MS = 60_000;
const POLL_MS = 500;
const PAGE = 'brief.json';
/** What a brief consists of, as brief/files.ts names it. */
const NAME = /^(?:companies\/)?[^/\\]+\.(?:html|txt|json|pdf)$/;

/** Downloads the brief of a run into a folder. Each file is complete or not there. Throws a `UserError` if there is none. */
export async function downloadBrief(place: BriefPlace, runId: string, folder: string, signal: AbortSignal) {
  const prefix = `runs/${runId}/brief/`;
  await untilWritten(place, runId, `${prefix}${PAGE}`, signal);
  await inParallel(keysBelow(place, prefix), async (key) => {
    const name = key.slice(prefix.length);
    if (!NAME.test(name) || name === PAGE) return;
    signal.throwIfAborted();
    await write(join(folder, name), await read(place, key));
  });
  // Last: whoever finds it has the whole brief.
  const json = await read(place, `${prefix}${PAGE}`);
  await write(join(folder, PAGE), json);
  return parsed(runId, json);
}

function parsed(runId: string, json: Uint8Array): Brief {
  const brief = briefSchema.safeParse(JSON.parse(new TextDecoder().decode(json)));
  if (brief.success) return brief.data;
  throw new UserError(
    `The brief of run ${runId} is of another release (${brief.error.issues[0]?.path.join('.') ?? ''}).`,
    'Use the checkout that the fleet was started from.',
  );
}

async function untilWritten({ s3, bucket }: BriefPlace, runId: string, Key: string, signal: AbortSignal) {
  const giveUpAt = Date.now() + WRITTEN_WITHIN_MS;
  for (;;) {
    const found = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key })).catch(unlessMissing);
    if (found !== null) return;
    if (Date.now() > giveUpAt)
      throw new UserError(
        `Run ${runId} has ended without a brief.`,
        `See why: npm run fleet -- runs ${runId}. Then run the command again: finished tasks are kept.`,
      );
    await delay(POLL_MS, undefined, { signal });
  }
}

function unlessMissing(error: unknown): null {
  if (error instanceof NotFound) return null;
  throw error;
}

async function* keysBelow({ s3, bucket }: BriefPlace, prefix: string): AsyncGenerator<string> {
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix }))
    for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
}

async function read({ s3, bucket }: BriefPlace, key: string): Promise<Uint8Array> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return Body?.transformToByteArray() ?? new Uint8Array();
}

async function write(file: string, content: Uint8Array): Promise<void> {
  makeFolder(dirname(file));
  await writeFile(`${file}.part`, content);
  await rename(`${file}.part`, file);
}
