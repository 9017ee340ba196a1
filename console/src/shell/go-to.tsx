import Input from '@cloudscape-design/components/input';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { useAlarms } from '../api/alarms.ts';
import { hasRun } from '../api/runs.ts';
import { placeOfId } from '../url/place-of-id.ts';

/** The field for any id: it leads to the view of a task, a run, an alarm or a session. */
export function GoTo() {
  const [, navigate] = useLocation();
  const [text, setText] = useState('');
  const alarms = useAlarms().data ?? [];
  const go = async (): Promise<void> => {
    const place = await placeOfId(text, { alarms: alarms.map(({ name }) => name), hasRun });
    if (place === null) return;
    setText('');
    navigate(place);
  };
  return (
    <Input
      type="search"
      ariaLabel="Go to a task, run, alarm or session by its id"
      placeholder="Go to id"
      value={text}
      onChange={({ detail }) => setText(detail.value)}
      onKeyDown={({ detail }) => detail.key === 'Enter' && void go()}
    />
  );
}
