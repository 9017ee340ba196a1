import Input from '@cloudscape-design/components/input';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { placeOfId } from '../url/place-of-id.ts';

/** The field for any id: it leads to the view of a task, a run or a session. */
export function GoTo() {
  const [, navigate] = useLocation();
  const [text, setText] = useState('');
  const go = (): void => {
    const place = placeOfId(text);
    if (place === null) return;
    setText('');
    navigate(place);
  };
  return (
    <Input
      type="search"
      ariaLabel="Go to a task, run or session by its id"
      placeholder="Go to id"
      value={text}
      onChange={({ detail }) => setText(detail.value)}
      onKeyDown={({ detail }) => detail.key === 'Enter' && go()}
    />
  );
}
