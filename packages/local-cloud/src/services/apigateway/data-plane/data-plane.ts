import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OnEvent } from '../../../events.ts';
import { measureRequest } from '../../cloudwatch/feeds/services.ts';
import type { Measure } from '../../cloudwatch/metrics/metric.ts';
import { send } from '../../http.ts';
import { ServiceError } from '../../service.ts';
import type { CallService, Service } from '../../service.ts';
import type { Apis, RestApi, Stage } from '../apis.ts';
import type { KeyStore } from '../keys.ts';
import { Authorizers } from './authorizers.ts';
import { ApiError, ERRORS } from './errors.ts';
import { execute } from './execute.ts';
import type { Execution } from './execute.ts';
import { buildGatewayResponse } from './gateway-responses.ts';
import { invokeBy } from './invoke.ts';
import { Throttles } from './limits.ts';
import { BodyMemory, header, readRequest } from './request.ts';
import type { ApiRequest } from './request.ts';
import { findMethod } from './routes.ts';

export interface DataPlaneOptions {
  readonly account: string;
  readonly region: string;
  readonly apis: Apis;
  readonly keys: KeyStore;
  readonly call: CallService;
  readonly onEvent: OnEvent;
  readonly measure: Measure;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
}

/** Base path of every stage, on both ports: `<PREFIX>/<api>/<stage>/<path>`. */
export const PREFIX = '/_aws/execute-api';

/** Serves the requests to APIs. */
export interface DataPlane extends Service {
  /** Handles a request on the API port, where a single stage is also served at the root. Never throws. */
  handleAtRoot(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** The service that serves the APIs, with the name it has in credential scopes and ARNs; see ../SPECIFICATION.md. */
export function createDataPlane(options: DataPlaneOptions): DataPlane {
  const { apis, account, region, onEvent, measure, call, keys, now = Date.now } = options;
  const invoke = invokeBy(call);
  const execution = { keys, invoke, now, throttles: new Throttles(now), authorizers: new Authorizers(invoke, now) };
  const handling = { execution, onEvent, measure, bodies: new BodyMemory() };

  const respond = async (incoming: IncomingMessage, response: ServerResponse, target: Target | undefined) => {
    if (target === undefined || target.api.disabled) return reject(apis, incoming, response);
    try {
      const request = readRequest(incoming, { ...target, account, region }, now());
      await handleRequest(request, incoming, response, handling);
    } catch {
      // The client disconnected while sending, or the response cannot be sent. Nobody receives another response.
      response.destroy();
    }
  };

  return {
    name: 'execute-api',
    invoke: async (action) => {
      throw new ServiceError(
        'InvalidAction',
        `The local execute-api does not support the action ${action}. Send it HTTP requests.`,
      );
    },
    handle: (request, response) => respond(request, response, targetOf(apis, request.url ?? '/')),
    handleAtRoot: (request, response) => {
      const url = request.url ?? '/';
      const single = url.startsWith(`${PREFIX}/`) ? undefined : apis.singleStage();
      return respond(request, response, single === undefined ? targetOf(apis, url) : { ...single, rest: url });
    },
    close: async () => {},
  };
}

interface Target {
  readonly api: RestApi;
  readonly stage: Stage;
  readonly rest: string;
}

function targetOf(apis: Apis, url: string): Target | undefined {
  const [, apiId = '', stageName = '', rest = ''] = /^\/_aws\/execute-api\/([^/?]+)\/([^/?]+)(.*)$/s.exec(url) ?? [];
  const api = apis.find(apiId);
  const stage = api?.stages.get(stageName);
  return api === undefined || stage === undefined ? undefined : { api, stage, rest };
}

interface Handling {
  readonly execution: Execution;
  readonly bodies: BodyMemory;
  readonly onEvent: OnEvent;
  readonly measure: Measure;
}

async function handleRequest(
  request: ApiRequest,
  incoming: IncomingMessage,
  response: ServerResponse,
  { execution, bodies, onEvent, measure }: Handling,
): Promise<void> {
  const context: Record<string, unknown> = {};
  const respond = (result: ReturnType<typeof buildGatewayResponse>): void => {
    const { api, stage, receivedAt } = request;
    const latency = execution.now() - receivedAt;
    measureRequest(measure, { api: api.name, stage: stage.name, status: result.status, latency });
    sendResponse(response, request, result);
  };
  try {
    const result = await bodies.hold(incoming, (body) => {
      const match = routed(request);
      context['resourcePath'] = match.path;
      return execute({ ...request, match }, body, execution, (more) => void Object.assign(context, more));
    });
    respond(result);
  } catch (thrown) {
    if (incoming.destroyed && !incoming.complete) throw thrown;
    const error = thrown instanceof ApiError ? thrown : new ApiError('misconfigured', { reason: String(thrown) });
    if (error.reason !== undefined) {
      const { httpMethod: method, path, api, stage, id: requestId } = request;
      const details = { api: api.name, stage: stage.name, method, path, requestId };
      onEvent({ code: 'api.failed', ...details, status: error.kind.status, reason: error.reason });
    }
    respond(buildGatewayResponse(error, request, context));
  }
}

function routed(request: ApiRequest) {
  let match: ReturnType<typeof findMethod>;
  try {
    match = findMethod(request.api, request.httpMethod, request.path);
  } catch {
    throw new ApiError('badRequest');
  }
  if (match === undefined) throw new ApiError('noRoute');
  return match;
}

function sendResponse(
  response: ServerResponse,
  request: ApiRequest,
  { status, headers, body }: ReturnType<typeof buildGatewayResponse>,
): void {
  const traceId = header(request.headers, 'x-amzn-trace-id');
  const bodyless = status === 204 || status === 304;
  send(response, status, bodyless ? '' : body, {
    ...headers,
    'x-amzn-requestid': request.id,
    'x-amz-apigw-id': request.extendedId,
    ...(traceId !== undefined && { 'x-amzn-trace-id': traceId }),
  });
}

/** Rejects a request without a known API and stage. On AWS it would not reach any API, so the message lists ours. */
function reject(apis: Apis, incoming: IncomingMessage, response: ServerResponse): void {
  incoming.resume();
  const { status, errorType } = ERRORS.noStage;
  const available = apis.all.flatMap((api) => [...api.stages.keys()].map((stage) => `${PREFIX}/${api.id}/${stage}/`));
  const message = `Forbidden: no API is served here. Available: ${available.join(', ')}`;
  send(response, status, JSON.stringify({ message }), {
    'content-type': 'application/json',
    'x-amzn-errortype': errorType,
  });
}
