import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { taskPageSchema } from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import { call } from '../../api/call.ts';
import { CellReader, type Cell, type CellPage } from './cells.ts';

/** Milliseconds between two refreshes. One costs a request for each page that has an open task. */
const REFRESH_MS = 4_000;
const PAGE = 100;

async function readPage(runId: string, cursor: string | undefined): Promise<CellPage> {
  const { tasks, next } = await call(taskOperations.listTasks, taskPageSchema, {
    query: { runId, cursor, limit: PAGE },
  });
  return { cells: tasks.map(({ id, status, failure }) => ({ id, status, failure })), next };
}

/** The tasks of a run as cells, oldest first. They appear page by page. */
export function useCells(runId: string, isOpen: boolean) {
  const [reader] = useState(() => new CellReader((cursor) => readPage(runId, cursor)));
  const [first, setFirst] = useState<readonly Cell[]>([]);
  const query = useQuery({
    queryKey: ['cells', runId],
    queryFn: () => reader.refresh(setFirst),
    refetchInterval: isOpen ? REFRESH_MS : false,
  });
  return { cells: query.data ?? first, isReading: query.data === undefined, error: query.error };
}
