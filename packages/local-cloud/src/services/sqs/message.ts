import type { ListNode } from './ready.ts';

/** A message attribute as the SDK sends it; binary values are base64 in JSON. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: string | undefined;
}

/** What a sender gives once and nothing changes afterwards. */
export interface MessageContent {
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** X-Ray's trace header, the only system attribute AWS lets a sender set. */
  readonly traceHeader?: string | undefined;
  /** On a standard queue: whose message this is, so that one tenant's backlog does not delay another's. */
  readonly groupId?: string | undefined;
  readonly senderId: string;
}

/** Where a message is: `ready` to be received, `delayed` at first, `in-flight` at a receiver, or `gone`. */
export type Place = 'ready' | 'delayed' | 'in-flight' | 'gone';

/** One stored message. Times are milliseconds since 1970. */
export interface Message {
  /** Row number and order of acceptance, unique over all queues. */
  readonly seq: number;
  readonly id: string;
  readonly content: MessageContent;
  sentAt: number;
  /** When it becomes visible; 0 once it is. */
  visibleAt: number;
  firstReceivedAt: number | undefined;
  /** When its present receiver got it: 12 hours later no extension is granted any more. */
  receivedAt: number;
  receiveCount: number;
  /** Raised by each receive and never reset, so that an older receipt handle can be told from the newest. */
  generation: number;
  /** Who received it last and has not said since how long it stays hidden: what gives it back after a crash goes by this. */
  receiver: string | undefined;
  /** The queue from which a redrive policy moved it here. */
  sourceArn: string | undefined;
  place: Place;
  /** Kept by the ready list. */
  node: ListNode<Message> | undefined;
  /** Kept by the heap of waiting messages. */
  heapIndex: number;
}

/** One receive of one message. */
export interface Receipt {
  readonly seq: number;
  readonly generation: number;
  readonly id: string;
}

const HANDLE = /^(\d+):(\d+):([0-9a-f-]{36})$/;

/** The receipt handle of a message's newest receive. */
export function receiptHandle(message: Message): string {
  return Buffer.from(`${message.seq}:${message.generation}:${message.id}`).toString('base64url');
}

/** The message and receive that a handle names, or undefined for text that never was one of our handles. */
export function readReceiptHandle(handle: string): Receipt | undefined {
  const match = HANDLE.exec(Buffer.from(handle, 'base64url').toString('utf8'));
  if (match === null) return undefined;
  return { seq: Number(match[1]), generation: Number(match[2]), id: String(match[3]) };
}
