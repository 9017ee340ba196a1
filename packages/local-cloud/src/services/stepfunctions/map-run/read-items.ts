import { z } from 'zod';
import type { ItemReader, MapState } from '../../../asl/definition.ts';
import { ERRORS, EvaluationError, StateError } from '../../../asl/errors.ts';
import type { Frame } from '../../../asl/frame.ts';
import { evaluateAs } from '../../../asl/evaluate.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../../asl/json.ts';
import { evaluateWhole } from '../../../asl/numbers.ts';
import { mapItems } from '../../../asl/states/map.ts';
import { asServiceError } from '../../http.ts';
import type { Caller, CallService } from '../../service.ts';
import { parseItems, propertiesOf, type ReadItem } from './parse.ts';

/** Yields all items of a Distributed Map in pages: from its Items or input, or from S3 with an ItemReader. */
export async function* readItems(
  call: CallService,
  state: MapState,
  frame: Frame,
): AsyncGenerator<readonly ReadItem[], void, undefined> {
  const reader = state.distributed?.reader;
  if (reader === undefined) {
    yield await stateItems(state, frame);
    return;
  }
  const bindings = frame.bindings({ input: frame.state.input });
  const input = await reader.arguments.evaluate(bindings);
  let remaining = (await evaluateWhole(reader.maxItems, bindings)) ?? Infinity;
  for await (const page of readPages(call, reader, input, frame.execution.roleArn)) {
    yield page.slice(0, remaining);
    remaining -= page.length;
    if (remaining <= 0) return;
  }
}

/** Items or the input: an array, or an object, whose properties are the items. An inline Map has no objects. */
async function stateItems(state: MapState, frame: Frame): Promise<readonly ReadItem[]> {
  const { input } = frame.state;
  if (state.items === undefined && isObject(input)) return propertiesOf(input);
  if (state.items === undefined) return (await mapItems(state, frame)).map((value) => ({ value }));
  const items = await evaluateAs(state.items, 'array', isItems, frame.bindings({ input }));
  return isArray(items) ? items.map((value) => ({ value })) : propertiesOf(items);
}

const isItems = (value: Json): value is readonly Json[] | JsonObject => isArray(value) || isObject(value);

async function* readPages(call: CallService, reader: ItemReader, input: Json, roleArn: string) {
  if (!isObject(input)) throw new EvaluationError('ItemReader/Arguments must evaluate to an object');
  const caller: Caller = { accessKeyId: 'states', principal: roleArn };
  const s3 = async (action: string, request: Readonly<Record<string, unknown>>) => {
    try {
      return await call('s3', action, request, caller);
    } catch (error) {
      const { code, message } = asServiceError(error);
      throw new StateError(ERRORS.itemReaderFailed, `${code}: ${message} (s3:${action})`);
    }
  };
  if (reader.action === 'getObject') {
    const { Body: body } = await s3('GetObject', input);
    const text = body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : String(body);
    yield parseItems(text, reader).map((item) => ({ ...item, source: uri(input['Bucket'], input['Key']) }));
    return;
  }
  let token: string | undefined;
  do {
    const request = token === undefined ? input : { ...input, ContinuationToken: token };
    const page = listing.parse(await s3('ListObjectsV2', request));
    yield page.Contents.map((entry) => ({ value: listedObject(entry), source: uri(input['Bucket']) }));
    token = page.NextContinuationToken;
  } while (token !== undefined && token !== '');
}

/** Where items were read, in the form that the context object has on AWS. */
const uri = (...parts: readonly unknown[]): string =>
  `S3://${parts.filter((part) => typeof part === 'string').join('/')}`;

/** The fields used of a listing. The in-process S3 may return times as a Date, as text or in seconds since 1970. */
const listing = z.looseObject({
  Contents: z
    .array(
      z.looseObject({
        Key: z.string(),
        ETag: z.string().default(''),
        LastModified: z.union([z.date(), z.iso.datetime({ offset: true }), z.number().transform((s) => s * 1000)]),
        Size: z.coerce.number().default(0),
        StorageClass: z.string().default('STANDARD'),
      }),
    )
    .default([]),
  NextContinuationToken: z.string().optional(),
});

/** Converts an object of a listing to an item as Step Functions does, with the time in seconds since 1970. */
function listedObject(entry: z.output<typeof listing>['Contents'][number]): Json {
  return {
    Etag: entry.ETag,
    Key: entry.Key,
    LastModified: Math.floor(new Date(entry.LastModified).getTime() / 1000),
    Size: entry.Size,
    StorageClass: entry.StorageClass,
  };
}
