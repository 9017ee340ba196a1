import type { z } from 'zod';
import { parseInput } from '../../http.ts';
import type { Caller, ServiceInput, ServiceOutput } from '../../service.ts';
import type { Xml } from '../../xml.ts';
import { checkKey, INPUT_CODES } from '../errors.ts';
import type { S3Store } from '../store.ts';

/** The context of every operation. */
export interface S3Context {
  readonly store: S3Store;
  readonly caller: Caller;
}

/** The form of an operation in S3's REST protocol. */
export interface HttpBinding {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly on: 'service' | 'bucket' | 'object';
  /** Query parameters or headers whose presence distinguishes it from other operations of the same method. */
  readonly marks?: readonly string[];
  /** Query parameters and headers, with the names of their input fields. */
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether `x-amz-meta-…` headers become the input's `Metadata`. */
  readonly metadata?: boolean;
  /** `stream` sets the input's `Body` and `Trailers`. The other form reads an XML document into part of the input. */
  readonly body?: 'stream' | { readonly root: string; read(document: unknown): ServiceInput };
  /** @default 200 */
  readonly status?: number;
  /** The response document. Output fields that are headers are always sent as headers. */
  readonly xml?: (output: ServiceOutput) => { readonly root: string; readonly content: Xml };
}

/** One operation of S3. Inputs and outputs have the SDK's shapes. Times in outputs are ISO 8601 strings. */
export interface Operation {
  readonly http: HttpBinding;
  run(context: S3Context, input: ServiceInput): Promise<ServiceOutput>;
}

export function operation<S extends z.ZodType>(
  schema: S,
  http: HttpBinding,
  run: (context: S3Context, input: z.output<S>) => ServiceOutput | Promise<ServiceOutput>,
): Operation {
  return {
    http,
    run: async (context, input) => {
      if (typeof input['Key'] === 'string') checkKey(input['Key']);
      return run(context, parseInput(schema, input, INPUT_CODES));
    },
  };
}

/** Removes fields that are undefined. */
export function defined(output: ServiceOutput): ServiceOutput {
  return Object.fromEntries(Object.entries(output).filter(([, value]) => value !== undefined));
}

/** Parses part of an XML body. Throws `MalformedXML`. */
export function readDocument<S extends z.ZodType>(schema: S, document: unknown): z.output<S> {
  return parseInput(schema, document, { missing: 'MalformedXML', invalid: 'MalformedXML' });
}
