import { z } from 'zod';
import { asServiceError, parseInput, readBody, send } from '../http.ts';
import { ServiceError } from '../service.ts';
import type { Service, ServiceInput, ServiceOutput } from '../service.ts';
import { openDaemon, type Daemon } from './daemon.ts';
import type { ForwardOptions } from './forward.ts';
import { Intake } from './intake.ts';
import { BODY_LIMIT, takeOtlp } from './otlp-http.ts';
import { traceOf, w3cTraceId } from './segments.ts';

const CODES = { missing: 'InvalidRequestException', invalid: 'InvalidRequestException' };
const HEADERS = { 'content-type': 'application/json' };

const getTraces = z.strictObject({
  TraceIds: z.array(z.string().max(35)).max(5),
  NextToken: z.string().optional(),
});

export interface XrayOptions {
  /** Folder of the spans. Without it, they are in memory only. */
  readonly dataDir?: string | undefined;
  /** A receiver of OTLP that gets every span too. @default none */
  readonly forward?: ForwardOptions | undefined;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

export interface Xray extends Service {
  /** Opens the daemon that functions send their spans to. Returns its address. */
  listen(): Promise<string>;
}

/** The local X-Ray: it keeps spans in OTLP and returns them as traces. SPECIFICATION.md lists what it supports. */
export function createXray({ dataDir, forward, now = Date.now }: XrayOptions): Xray {
  const intake = new Intake({ dataDir, forward, now });
  let daemon: Daemon | undefined;
  const invoke: Service['invoke'] = async (action, input) => {
    if (action === 'BatchGetTraces') return batchGetTraces(intake, input);
    throw new ServiceError('InvalidRequestException', `The local X-Ray does not support the action ${action}.`);
  };
  return {
    name: 'xray',
    invoke,
    listen: async () => {
      daemon = await openDaemon((request) => ignoringDamage(() => intake.protobuf(request)));
      return daemon.address;
    },
    handle: async (request, response, caller, authorize) => {
      try {
        const { pathname } = new URL(request.url ?? '/', 'http://xray');
        if (pathname === '/v1/traces') return await takeOtlp(intake, request, response);
        const input = jsonIn(await readBody(request, BODY_LIMIT));
        const action = pathname === '/Traces' ? 'BatchGetTraces' : pathname.slice(1);
        authorize(action, input);
        send(response, 200, JSON.stringify(await invoke(action, input, caller)), HEADERS);
      } catch (thrown) {
        const { code, message, status } = asServiceError(thrown);
        send(response, status, JSON.stringify({ Message: message }), { ...HEADERS, 'x-amzn-errortype': code });
      }
    },
    close: async () => {
      await daemon?.close();
      await intake.close();
    },
  };
}

function batchGetTraces(intake: Intake, input: ServiceInput): ServiceOutput {
  const { TraceIds } = parseInput(getTraces, input, CODES);
  const found = TraceIds.map((id) => ({ id, spans: intake.of(w3cTraceId(id)) }));
  return {
    Traces: found.filter(({ spans }) => spans.length > 0).map(({ id, spans }) => traceOf(id, spans)),
    UnprocessedTraceIds: [],
  };
}

/** A datagram that is no OTLP is nobody's fault here: whoever sent it gets no answer. */
function ignoringDamage(take: () => void): void {
  try {
    take();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

function jsonIn(body: Buffer): ServiceInput {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(body.toString('utf8')));
  } catch {
    throw new ServiceError('InvalidRequestException', 'The request body must be a JSON object.');
  }
}
