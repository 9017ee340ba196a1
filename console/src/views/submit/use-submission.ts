import { useState } from 'react';
import { useLocation } from 'wouter';
import { newKey } from '#client/new-key.ts';
import { submitTask } from '../../api/tasks.ts';
import { useAction } from '../../api/use-action.ts';
import { fleetCommand } from '../../parts/commands.ts';
import { taskPath } from '../../url/to.tsx';
import type { Field } from './fields.ts';
import { inputOf, type Entries } from './input-of.ts';
import { limitsOf } from './limits.ts';

/** What a form holds as a task: its errors, its command, and how it is submitted. */
export function useSubmission(agent: string, fields: readonly Field[], entries: Entries) {
  const [, navigate] = useLocation();
  // The same key for all clicks: a second one is the same task.
  const [key] = useState(newKey);
  const [isChecked, setChecked] = useState(false);
  const action = useAction(submitTask, ({ id }) => ({ text: `Accepted as ${id}.` }));
  const input = inputOf(fields, entries);
  const limits = limitsOf(entries);
  const errors: Readonly<Record<string, string>> = {
    ...(input.ok ? {} : input.errors),
    ...(limits.ok ? {} : limits.errors),
  };
  return {
    /** None before the first attempt. */
    errors: isChecked ? errors : {},
    isBusy: action.isPending,
    command: fleetCommand.submit(agent, JSON.stringify(input.ok ? input.input : {}), limits.ok ? limits.options : {}),
    submit: async (): Promise<void> => {
      setChecked(true);
      if (!input.ok || !limits.ok) return;
      const accepted = await action.mutateAsync({ body: { agent, input: input.input, ...limits.body }, key });
      navigate(taskPath(accepted.id));
    },
  };
}
