import type { ListNode } from './fair-queue.ts';

/** A message attribute as the SDK sends it. Binary values are base64 in JSON. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: string | undefined;
}

/** The part of a message that the sender sets and that never changes. */
export interface MessageContent {
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** X-Ray's trace header: the only system attribute that AWS lets a sender set. */
  readonly traceHeader?: string | undefined;
  /** The fair-queue group on a standard queue, e.g. the tenant: one group's backlog does not delay another group. */
  readonly groupId?: string | undefined;
  readonly senderId: string;
}

/** `ready` to be received, `delayed` after it was sent, `in-flight` with a receiver, or `gone`. */
export type MessageLocation = 'ready' | 'delayed' | 'in-flight' | 'gone';

/** One stored message. Times are milliseconds since 1970. */
export interface Message {
  /** Row number, in the order of sending, unique across all queues. */
  readonly seq: number;
  readonly id: string;
  readonly content: MessageContent;
  sentAt: number;
  /** When the message becomes visible; 0 once it is visible. */
  visibleAt: number;
  firstReceivedAt: number | undefined;
  /** When the current receiver received it. Its visibility cannot be extended beyond 12 hours after this time. */
  receivedAt: number;
  receiveCount: number;
  /** Incremented by each receive and never reset, so that older receipt handles can be recognized. */
  generation: number;
  /** Who received it last, unless a visibility timeout was set since. Used to release the messages of a dead receiver. */
  receiver: string | undefined;
  /** The queue whose redrive policy moved it here. */
  sourceArn: string | undefined;
  location: MessageLocation;
  /** Managed by the fair queue. */
  node: ListNode<Message> | undefined;
  /** Managed by the heap of hidden messages. */
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

/** Returns the message and receive that a handle names, or undefined when the text is not one of our handles. */
export function readReceiptHandle(handle: string): Receipt | undefined {
  const match = HANDLE.exec(Buffer.from(handle, 'base64url').toString('utf8'));
  if (match === null) return undefined;
  return { seq: Number(match[1]), generation: Number(match[2]), id: String(match[3]) };
}
