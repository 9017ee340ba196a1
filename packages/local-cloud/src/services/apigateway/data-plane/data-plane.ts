import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OnEvent } from '../../../events.ts';
import { send } from '../../http.ts';
import { ServiceError } from '../../service.ts';
import type { CallService, Service } from '../../service.ts';
import type { Apis, RestApi, Stage } from '../apis.ts';
import type { KeyStore } from '../keys.ts';
import { Authorizers } from './authorizers.ts';
import { ApiError, ERRORS } from './errors.ts';
import { execute } from './execute.ts';
import type { Execution } from './execute.ts';
import { gatewayAnswer } from './gateway-responses.ts';
import { invokeBy } from './invoke.ts';
import { Throttles } from './limits.ts';
import { BodyRoom, header, readRequest } from './request.ts';
import type { ApiRequest } from './request.ts';
import { findMethod } from './routes.ts';

export interface DataPlaneOptions {
  readonly account: string;
  readonly region: string;
  readonly apis: Apis;
  readonly keys: KeyStore;
  readonly call: CallService;
  readonly onEvent: OnEvent;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
}

/** Where every stage answers, on both ports: `<PREFIX>/<api>/<stage>/<path>`. */
export const PREFIX = '/_aws/execute-api';

/** What answers the requests to APIs. */
export interface DataPlane extends Service {
  /** Answers on the APIs' own port, where the only stage there is also answers at the root; never throws. */
  handleAtRoot(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** The APIs themselves, under the name that they have in credential scopes and ARNs; see ../SPECIFICATION.md. */
export function createDataPlane(options: DataPlaneOptions): DataPlane {
  const { apis, account, region, onEvent, call, keys, now = Date.now } = options;
  const invoke = invokeBy(call);
  const execution = { keys, invoke, now, throttles: new Throttles(now), authorizers: new Authorizers(invoke, now) };
  const answering = { execution, onEvent, room: new BodyRoom() };

  const answer = async (incoming: IncomingMessage, response: ServerResponse, place: Place | undefined) => {
    if (place === undefined || place.api.disabled) return refuse(apis, incoming, response);
    try {
      const request = readRequest(incoming, { ...place, account, region }, now());
      await answerRequest(request, incoming, response, answering);
    } catch {
      // The client left while it still sent, or the answer cannot be sent; nobody hears another one.
      response.destroy();
    }
  };

  return {
    name: 'execute-api',
    invoke: async (action) => {
      throw new ServiceError('InvalidAction', `The local execute-api has no action ${action}: send it HTTP requests.`);
    },
    handle: (request, response) => answer(request, response, placeOf(apis, request.url ?? '/')),
    handleAtRoot: (request, response) => {
      const url = request.url ?? '/';
      const only = url.startsWith(`${PREFIX}/`) ? undefined : apis.only();
      return answer(request, response, only === undefined ? placeOf(apis, url) : { ...only, rest: url });
    },
    close: async () => {},
  };
}

interface Place {
  readonly api: RestApi;
  readonly stage: Stage;
  readonly rest: string;
}

function placeOf(apis: Apis, url: string): Place | undefined {
  const [, apiId = '', stageName = '', rest = ''] = /^\/_aws\/execute-api\/([^/?]+)\/([^/?]+)(.*)$/s.exec(url) ?? [];
  const api = apis.find(apiId);
  const stage = api?.stages.get(stageName);
  return api === undefined || stage === undefined ? undefined : { api, stage, rest };
}

interface Answering {
  readonly execution: Execution;
  readonly room: BodyRoom;
  readonly onEvent: OnEvent;
}

async function answerRequest(
  request: ApiRequest,
  incoming: IncomingMessage,
  response: ServerResponse,
  { execution, room, onEvent }: Answering,
): Promise<void> {
  const context: Record<string, unknown> = {};
  try {
    const answer = await room.hold(incoming, (body) => {
      const match = routed(request);
      context['resourcePath'] = match.path;
      return execute({ ...request, match }, body, execution, (more) => void Object.assign(context, more));
    });
    sendAnswer(response, request, answer);
  } catch (thrown) {
    if (incoming.destroyed && !incoming.complete) throw thrown;
    const error = thrown instanceof ApiError ? thrown : new ApiError('misconfigured', { reason: String(thrown) });
    if (error.reason !== undefined) {
      const { httpMethod: method, path, api, stage, id: requestId } = request;
      const said = { api: api.name, stage: stage.name, method, path, requestId };
      onEvent({ code: 'api.failed', ...said, status: error.kind.status, reason: error.reason });
    }
    sendAnswer(response, request, gatewayAnswer(error, request, context));
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

function sendAnswer(
  response: ServerResponse,
  request: ApiRequest,
  { status, headers, body }: ReturnType<typeof gatewayAnswer>,
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

/** For what names no API and stage: on AWS it would have reached no API, so the answer says where there are some. */
function refuse(apis: Apis, incoming: IncomingMessage, response: ServerResponse): void {
  incoming.resume();
  const { status, errorType } = ERRORS.noStage;
  const there = apis.all.flatMap((api) => [...api.stages.keys()].map((stage) => `${PREFIX}/${api.id}/${stage}/`));
  const message = `Forbidden: no API answers here; there are: ${there.join(', ')}`;
  send(response, status, JSON.stringify({ message }), {
    'content-type': 'application/json',
    'x-amzn-errortype': errorType,
  });
}
