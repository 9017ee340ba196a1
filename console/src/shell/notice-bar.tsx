import Flashbar from '@cloudscape-design/components/flashbar';
import { CommandLine } from '../parts/command-line.tsx';
import { dismiss, notices } from '../parts/notices.ts';
import { useStore } from '../parts/store.ts';

/** What the last actions led to. */
export function NoticeBar() {
  const shown = useStore(notices);
  return (
    <Flashbar
      items={shown.map(({ id, type, text, command }) => ({
        id: String(id),
        type,
        content: (
          <>
            {text}
            {command !== undefined && <CommandLine command={command} />}
          </>
        ),
        dismissible: true,
        dismissLabel: 'Dismiss the message',
        onDismiss: () => dismiss(id),
      }))}
    />
  );
}
