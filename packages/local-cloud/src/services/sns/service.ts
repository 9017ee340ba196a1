import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { asServiceError, readBody, send } from '../http.ts';
import { ServiceError } from '../service.ts';
import type { CallService, Service, ServiceOutput } from '../service.ts';
import { writeXml } from '../xml.ts';
import type { Xml } from '../xml.ts';
import type { SnsAction, SnsContext } from './actions/action.ts';
import { publish, publishBatch } from './actions/publish.ts';
import { listSubscriptions, listSubscriptionsByTopic, subscribe, unsubscribe } from './actions/subscriptions.ts';
import { createTopic, deleteTopic, getTopicAttributes, listTopics } from './actions/topics.ts';
import { readForm } from './query.ts';
import { TopicStore } from './store.ts';
import type { TopicStoreOptions } from './store.ts';

export interface SnsOptions extends TopicStoreOptions {
  /** Folder for mails, with one `.eml` file per message and mail address. */
  readonly mailDir: string;
  readonly call: CallService;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
}

const ACTIONS: Readonly<Record<string, SnsAction>> = {
  CreateTopic: createTopic,
  DeleteTopic: deleteTopic,
  GetTopicAttributes: getTopicAttributes,
  ListSubscriptions: listSubscriptions,
  ListSubscriptionsByTopic: listSubscriptionsByTopic,
  ListTopics: listTopics,
  Publish: publish,
  PublishBatch: publishBatch,
  Subscribe: subscribe,
  Unsubscribe: unsubscribe,
};

/** Maximum request: a full batch with every character percent-encoded. */
const MAX_FORM_BYTES = 4 * 1024 ** 2;

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

/** The local SNS. SPECIFICATION.md lists what it supports. */
export function createSns(options: SnsOptions): Service {
  const context: SnsContext = {
    store: new TopicStore(options),
    call: options.call,
    mailDir: options.mailDir,
    now: options.now ?? Date.now,
  };
  const invoke: Service['invoke'] = async (action, input) => {
    const operation = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (operation === undefined)
      throw new ServiceError('InvalidAction', `The local SNS does not support the action ${action}.`);
    return operation(context, input);
  };
  return {
    name: 'sns',
    invoke,
    handle: (request, response, caller, authorize) => {
      const run = (action: string, input: ServiceOutput): Promise<ServiceOutput> => {
        authorize(action, input);
        return invoke(action, input, caller);
      };
      return handle(run, request, response);
    },
    close: () => Promise.resolve(),
  };
}

async function handle(
  run: (action: string, input: ServiceOutput) => Promise<ServiceOutput>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const headers = { 'content-type': 'text/xml' };
  const RequestId = randomUUID();
  try {
    const { action, input } = readForm((await readBody(request, MAX_FORM_BYTES)).toString('utf8'));
    const result = toXml(await run(action, input));
    const content: Xml = { [`${action}Result`]: result, ResponseMetadata: { RequestId } };
    send(response, 200, writeXml(`${action}Response`, content, NAMESPACE), headers);
  } catch (thrown) {
    const { code, message, status } = asServiceError(thrown);
    const Error = { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message };
    send(response, status, writeXml('ErrorResponse', { Error, RequestId }, NAMESPACE), headers);
  }
}

/** Converts an output to the query protocol: lists of `member`, and the map `Attributes` as a list of `entry`. */
function toXml(output: unknown): Xml {
  if (Array.isArray(output)) return { member: output.map(toXml) };
  if (typeof output !== 'object' || output === null) return output as Xml;
  const fields = Object.entries(output).map(([name, value]: [string, unknown]): [string, Xml] => {
    return [name, name === 'Attributes' ? entries(value as Record<string, string>) : toXml(value)];
  });
  return Object.fromEntries(fields);
}

function entries(map: Readonly<Record<string, string>>): Xml {
  return { entry: Object.entries(map).map(([key, value]) => ({ key, value })) };
}
