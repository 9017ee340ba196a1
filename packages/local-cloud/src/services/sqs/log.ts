import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import { openDatabaseFile } from '../../data-folder.ts';
import { writeAhead } from '../../write-ahead-log/write-ahead-log.ts';
import { z } from 'zod';
import type { QueueSettings } from './attributes.ts';
import type { Message } from './message.ts';

/** The stored part of a queue, without its messages. */
export interface QueueRecord {
  readonly name: string;
  readonly settings: QueueSettings;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface LoadedMessage {
  readonly queueName: string;
  readonly message: Message;
}

type Change = 'insert' | 'update' | 'delete';

/**
 * The queues on disk.
 *
 * 1. `committed` resolves only when every change recorded before it is in the database file, so awaited changes survive kill -9.
 * 2. All changes of one turn of the event loop share one transaction. Only the last state of each message is written.
 * 3. A failed transaction changes nothing. Its changes stay recorded and the next transaction writes them.
 */
export class QueueLog {
  readonly #database: DatabaseSync | undefined;
  readonly #closeDatabase: (() => Promise<void>) | undefined;
  readonly #statements: Readonly<Record<Change | 'saveQueue' | 'dropQueue', StatementSync>> | undefined;
  readonly #messages = new Map<Message, { change: Change; queueName: string }>();
  readonly #queues = new Map<string, QueueRecord | undefined>();
  #commit: Promise<void> | undefined;

  /** Opens `sqs.sqlite` in the folder. Without a folder nothing is stored. */
  constructor(dataDir: string | undefined) {
    if (dataDir === undefined) return;
    const file = join(dataDir, 'sqs.sqlite');
    this.#database = openDatabaseFile(file);
    this.#closeDatabase = writeAhead(this.#database, file);
    this.#database.exec(SCHEMA);
    addReceiverColumn(this.#database);
    this.#statements = prepare(this.#database);
  }

  record(change: Change, queueName: string, message: Message): void {
    if (this.#database === undefined) return;
    const before = this.#messages.get(message)?.change;
    if (before === 'insert' && change === 'delete') this.#messages.delete(message);
    else this.#messages.set(message, { change: before === 'insert' ? 'insert' : change, queueName });
  }

  /** Records a queue's new state; undefined deletes the queue. */
  recordQueue(name: string, record: QueueRecord | undefined): void {
    if (this.#database !== undefined) this.#queues.set(name, record);
  }

  /** Resolves when every change recorded so far is on disk. */
  committed(): Promise<void> {
    if (this.#messages.size === 0 && this.#queues.size === 0) return Promise.resolve();
    this.#commit ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        this.#commit = undefined;
        try {
          this.#write();
          resolve();
        } catch (error) {
          reject(error);
        }
      });
    });
    return this.#commit;
  }

  *queues(): Generator<QueueRecord> {
    for (const row of this.#database?.prepare('SELECT record FROM queues').iterate() ?? []) {
      yield JSON.parse(QueueRow.parse(row).record) as QueueRecord;
    }
  }

  *messages(): Generator<LoadedMessage> {
    for (const row of this.#database?.prepare('SELECT * FROM messages ORDER BY seq').iterate() ?? []) {
      yield readMessage(row);
    }
  }

  async close(): Promise<void> {
    await this.committed();
    await this.#closeDatabase?.();
  }

  #write(): void {
    if (this.#database === undefined || this.#statements === undefined) return;
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      for (const [name, record] of this.#queues) {
        if (record === undefined) this.#statements.dropQueue.run(name);
        else this.#statements.saveQueue.run(name, JSON.stringify(record));
      }
      for (const [message, { change, queueName }] of this.#messages) {
        writeMessage(this.#statements[change], change, queueName, message);
      }
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
    this.#queues.clear();
    this.#messages.clear();
  }
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS queues (name TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    visible_at INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    first_received_at INTEGER,
    received_at INTEGER NOT NULL,
    receive_count INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    source_arn TEXT,
    id TEXT NOT NULL,
    content TEXT NOT NULL,
    receiver TEXT
  ) STRICT;`;

/** Adds the `receiver` column to database files from before 2026-11-24. */
function addReceiverColumn(database: DatabaseSync): void {
  const column = database.prepare("SELECT 1 FROM pragma_table_info('messages') WHERE name = 'receiver'").get();
  if (column === undefined) database.exec('ALTER TABLE messages ADD COLUMN receiver TEXT');
}

function prepare(database: DatabaseSync) {
  return {
    insert: database.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    update: database.prepare(
      `UPDATE messages SET queue = ?, visible_at = ?, sent_at = ?, first_received_at = ?, received_at = ?,
       receive_count = ?, generation = ?, source_arn = ?, receiver = ? WHERE seq = ?`,
    ),
    delete: database.prepare('DELETE FROM messages WHERE seq = ?'),
    saveQueue: database.prepare('INSERT OR REPLACE INTO queues VALUES (?, ?)'),
    dropQueue: database.prepare('DELETE FROM queues WHERE name = ?'),
  };
}

function writeMessage(statement: StatementSync, change: Change, queueName: string, message: Message): void {
  if (change === 'delete') {
    statement.run(message.seq);
    return;
  }
  const mutable = [
    queueName,
    message.visibleAt,
    message.sentAt,
    message.firstReceivedAt ?? null,
    message.receivedAt,
    message.receiveCount,
    message.generation,
    message.sourceArn ?? null,
  ];
  const receiver = message.receiver ?? null;
  if (change === 'update') statement.run(...mutable, receiver, message.seq);
  else statement.run(message.seq, ...mutable, message.id, JSON.stringify(message.content), receiver);
}

const QueueRow = z.object({ record: z.string() });

const MessageRow = z.object({
  seq: z.number(),
  queue: z.string(),
  visible_at: z.number(),
  sent_at: z.number(),
  first_received_at: z.number().nullable(),
  received_at: z.number(),
  receive_count: z.number(),
  generation: z.number(),
  source_arn: z.string().nullable(),
  id: z.string(),
  content: z.string(),
  receiver: z.string().nullable(),
});

function readMessage(row: unknown): LoadedMessage {
  const columns = MessageRow.parse(row);
  const message: Message = {
    seq: columns.seq,
    id: columns.id,
    content: JSON.parse(columns.content) as Message['content'],
    sentAt: columns.sent_at,
    visibleAt: columns.visible_at,
    firstReceivedAt: columns.first_received_at ?? undefined,
    receivedAt: columns.received_at,
    receiveCount: columns.receive_count,
    generation: columns.generation,
    receiver: columns.receiver ?? undefined,
    sourceArn: columns.source_arn ?? undefined,
    location: 'gone',
    node: undefined,
    heapIndex: -1,
  };
  return { queueName: columns.queue, message };
}
