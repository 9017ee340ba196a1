import type { IncomingMessage, ServerResponse } from 'node:http';
import { asServiceError, readBody, send } from '../http.ts';
import { ServiceError } from '../service.ts';
import type { Authorize, Caller, Service, ServiceInput, ServiceOutput } from '../service.ts';
import { getFunction, getFunctionConfiguration, listFunctions } from './actions/functions.ts';
import { invoke } from './actions/invoke.ts';
import { getEventSourceMapping, listEventSourceMappings, updateEventSourceMapping } from './actions/mappings.ts';
import type { LambdaAction, LambdaContext } from './context.ts';
import { requestOf } from './wire.ts';

const ACTIONS: Readonly<Record<string, LambdaAction>> = {
  GetEventSourceMapping: getEventSourceMapping,
  GetFunction: getFunction,
  GetFunctionConfiguration: getFunctionConfiguration,
  Invoke: invoke,
  ListEventSourceMappings: listEventSourceMappings,
  ListFunctions: listFunctions,
  UpdateEventSourceMapping: updateEventSourceMapping,
};

/** Maximum request: a synchronous event of 6 MB plus parameters. */
const BODY_LIMIT = 7 * 2 ** 20;

/** Lambda's API. SPECIFICATION.md lists what it supports. */
export function createLambda(context: LambdaContext): Service {
  const run = async (action: string, input: ServiceInput, _caller: Caller): Promise<ServiceOutput> => {
    const operation = ACTIONS[action];
    if (operation === undefined)
      throw new ServiceError('InvalidAction', `The local Lambda does not support the action ${action}.`);
    return operation(context, input);
  };

  async function handle(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
    authorize: Authorize,
  ): Promise<void> {
    try {
      const body = await readBody(request, BODY_LIMIT);
      const { action, input } = requestOf(request, body);
      authorize(action, input);
      const output = await run(action, input, caller);
      if (action === 'Invoke') sendInvocation(response, output);
      else send(response, 200, JSON.stringify(output), { 'content-type': 'application/json' });
    } catch (thrown) {
      const error = asServiceError(thrown);
      send(response, error.status, JSON.stringify({ Type: 'User', message: error.message, Message: error.message }), {
        'content-type': 'application/json',
        'x-amzn-errortype': error.code,
      });
    }
  }

  return { name: 'lambda', invoke: run, handle, close: async () => {} };
}

function sendInvocation(response: ServerResponse, output: ServiceOutput): void {
  const { StatusCode, Payload, FunctionError, ExecutedVersion } = output;
  send(response, Number(StatusCode), typeof Payload === 'string' ? Payload : '', {
    'content-type': 'application/json',
    ...(typeof ExecutedVersion === 'string' && { 'x-amz-executed-version': ExecutedVersion }),
    ...(typeof FunctionError === 'string' && { 'x-amz-function-error': FunctionError }),
  });
}
