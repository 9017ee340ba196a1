import { useState } from 'react';

/** Text that this browser remembers, such as the name under which a person acts. */
export function useKept(name: string, initial = ''): [string, (text: string) => void] {
  const [text, setText] = useState(() => localStorage.getItem(`agent-fleet.${name}`) ?? initial);
  const keep = (next: string): void => {
    localStorage.setItem(`agent-fleet.${name}`, next);
    setText(next);
  };
  return [text, keep];
}
