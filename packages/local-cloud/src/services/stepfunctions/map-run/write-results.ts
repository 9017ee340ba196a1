import type { ResultWriter } from '../../../asl/definition.ts';
import { ERRORS, StateError } from '../../../asl/errors.ts';
import type { Frame } from '../../../asl/frame.ts';
import { isObject, type Json } from '../../../asl/json.ts';
import { asServiceError } from '../../http.ts';
import type { Caller, CallService } from '../../service.ts';
import { nameOf } from '../arns.ts';
import type { MapRunRow } from '../records.ts';
import type { Store } from '../store.ts';
import { describe, endedChildren, resultsOf } from './results.ts';

/** AWS splits result files at 5 GB. Here they are built in memory, so they are split earlier. */
const FILE_CHARACTERS = 32 * 1024 * 1024;

interface Destination {
  readonly bucket: string;
  /** The folder of the map run, with a trailing slash. */
  readonly folder: string;
}

interface Written {
  readonly Key: string;
  readonly Size: number;
}

/**
 * Writes the results of a map run to S3: `SUCCEEDED_n.json`, `FAILED_n.json`, `PENDING_n.json` for children that never
 * started, and `manifest.json` with their keys. Returns the state's result. Throws `States.ResultWriterFailed`.
 */
export async function writeResults(
  call: CallService,
  store: Store,
  writer: ResultWriter,
  run: MapRunRow,
  frame: Frame,
): Promise<Json> {
  const { bucket, folder } = await destination(writer, run, frame);
  const caller: Caller = { accessKeyId: 'states', principal: frame.execution.roleArn };
  const put = async (name: string, text: string): Promise<Written> => {
    const Key = `${folder}${name}`;
    const Body = Buffer.from(text);
    try {
      await call('s3', 'PutObject', { Bucket: bucket, Key, Body, ContentType: 'application/json' }, caller);
    } catch (error) {
      const { code, message } = asServiceError(error);
      throw new StateError(ERRORS.resultWriterFailed, `${code}: ${message} (s3:PutObject ${bucket}/${Key})`);
    }
    return { Key, Size: Body.length };
  };
  const { transformation, outputType } = writer;
  const files = (name: string, results: Iterable<Json>) => writeFiles(put, name, results, outputType);
  const manifest = {
    DestinationBucket: bucket,
    MapRunArn: run.arn,
    ResultFiles: {
      FAILED: await files('FAILED', failed(store, run.arn)),
      PENDING: await files('PENDING', pending(store, run)),
      SUCCEEDED: await files('SUCCEEDED', succeeded(store, run.arn, transformation)),
    },
  };
  const { Key } = await put('manifest.json', JSON.stringify(manifest));
  return { MapRunArn: run.arn, ResultWriterDetails: { Bucket: bucket, Key } };
}

async function destination(writer: ResultWriter, run: MapRunRow, frame: Frame): Promise<Destination> {
  const given = (await writer.arguments?.evaluate(frame.bindings({ input: frame.state.input }))) ?? {};
  const { Bucket: bucket, Prefix: prefix = '' } = isObject(given) ? given : {};
  if (typeof bucket !== 'string' || typeof prefix !== 'string') {
    throw new StateError(ERRORS.resultWriterFailed, 'ResultWriter/Arguments must have a Bucket and may have a Prefix');
  }
  const start = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  return { bucket, folder: `${start}${nameOf(run.arn)}/` };
}

async function writeFiles(
  put: (name: string, text: string) => Promise<Written>,
  name: string,
  results: Iterable<Json>,
  outputType: ResultWriter['outputType'],
): Promise<Written[]> {
  const written: Written[] = [];
  let texts: string[] = [];
  let characters = 0;
  const end = async (): Promise<void> => {
    if (texts.length === 0) return;
    const text = outputType === 'JSONL' ? texts.join('\n') : `[${texts.join(',')}]`;
    written.push(await put(`${name}_${written.length}.${outputType === 'JSONL' ? 'jsonl' : 'json'}`, text));
    texts = [];
    characters = 0;
  };
  for (const result of results) {
    const text = JSON.stringify(result);
    texts.push(text);
    characters += text.length;
    if (characters > FILE_CHARACTERS) await end();
  }
  await end();
  return written;
}

function* succeeded(store: Store, arn: string, transformation: ResultWriter['transformation']): Generator<Json> {
  for (const row of endedChildren(store, arn, ['SUCCEEDED'])) yield* resultsOf(row, transformation);
}

function* failed(store: Store, arn: string): Generator<Json> {
  for (const row of endedChildren(store, arn, ['FAILED', 'TIMED_OUT', 'ABORTED'])) yield describe(row);
}

/** Yields children that never started, which exist only if the run failed. */
function* pending(store: Store, run: MapRunRow): Generator<Json> {
  const count = 'SELECT count(*) AS started FROM executions WHERE map_run = ?';
  const started = store.get<{ readonly started: number }>(count, run.arn)?.started ?? 0;
  for (let number = started; number < (run.children ?? 0); number += 1) {
    const next = 'SELECT input FROM map_inputs WHERE map_run = ? AND number = ?';
    const { input = '' } = store.get<{ readonly input: string }>(next, run.arn, number) ?? {};
    yield { Input: input, InputDetails: { Included: true }, StateMachineArn: run.machine, Status: 'PENDING' };
  }
}
