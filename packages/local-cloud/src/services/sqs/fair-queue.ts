/** A node of a `List`. Its holder can remove the value in constant time. */
export interface ListNode<T> {
  readonly value: T;
  readonly list: List<T>;
  previous: ListNode<T> | undefined;
  next: ListNode<T> | undefined;
}

/** A doubly linked list: push, shift and removal from the middle in constant time. */
export class List<T> {
  /** Identifies the list among several; see `FairQueue`. */
  readonly key: string;
  #first: ListNode<T> | undefined;
  #last: ListNode<T> | undefined;

  constructor(key = '') {
    this.key = key;
  }

  get empty(): boolean {
    return this.#first === undefined;
  }

  push(value: T): ListNode<T> {
    const node: ListNode<T> = { value, list: this, previous: this.#last, next: undefined };
    if (this.#last === undefined) this.#first = node;
    else this.#last.next = node;
    this.#last = node;
    return node;
  }

  shift(): T | undefined {
    const node = this.#first;
    if (node !== undefined) this.remove(node);
    return node?.value;
  }

  remove(node: ListNode<T>): void {
    if (node.previous === undefined) this.#first = node.next;
    else node.previous.next = node.next;
    if (node.next === undefined) this.#last = node.previous;
    else node.next.previous = node.previous;
  }
}

/** An item that `FairQueue` orders: it has an optional group and stores its list node. */
export interface Groupable<T> {
  readonly content: { readonly groupId?: string | undefined };
  node: ListNode<T> | undefined;
}

/**
 * Messages that can be received now. Groups alternate, one message each, so a tenant with a backlog of thousands delays
 * another tenant's message by one message. Within a group, messages keep their order of arrival.
 * Messages without a group form one group.
 */
export class FairQueue<T extends Groupable<T>> {
  readonly #groups = new Map<string, List<T>>();
  readonly #rotation = new List<List<T>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(message: T): void {
    const key = message.content.groupId ?? '';
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = new List<T>(key);
      this.#groups.set(key, group);
      this.#rotation.push(group);
    }
    message.node = group.push(message);
    this.#size++;
  }

  shift(): T | undefined {
    for (;;) {
      const group = this.#rotation.shift();
      if (group === undefined) return undefined;
      const message = group.shift();
      if (group.empty) this.#groups.delete(group.key);
      else this.#rotation.push(group);
      if (message !== undefined) {
        message.node = undefined;
        this.#size--;
        return message;
      }
    }
  }

  remove(message: T): void {
    if (message.node === undefined) return;
    const group = message.node.list;
    group.remove(message.node);
    message.node = undefined;
    this.#size--;
  }
}
