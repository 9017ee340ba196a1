import Box from '@cloudscape-design/components/box';
import Button, { type ButtonProps } from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState, type ReactNode } from 'react';
import { CommandLine } from './command-line.tsx';

interface ActionButtonProps {
  readonly label: string;
  /** What it will do, for whom, and how to undo it. */
  readonly children: ReactNode;
  /** The command that does the same. */
  readonly command: string;
  /** Closes the dialog when it succeeds; a failure keeps it open. */
  readonly run: () => Promise<unknown>;
  /** Whether the fields of the dialog are complete. @default true */
  readonly isReady?: boolean;
  readonly isDisabled?: boolean;
  readonly variant?: ButtonProps.Variant;
  readonly onOpen?: () => void;
}

/** A button whose dialog says what the action does, and shows its command, before anything happens. */
export function ActionButton({ label, children, command, run, isReady = true, ...button }: ActionButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const confirm = (): void => {
    setBusy(true);
    run()
      .then(() => setOpen(false))
      // `useAction` has told the person already.
      .catch(() => undefined)
      .finally(() => setBusy(false));
  };
  const open = (): void => {
    button.onOpen?.();
    setOpen(true);
  };
  return (
    <>
      <Button onClick={open} disabled={button.isDisabled} variant={button.variant} wrapText={false}>
        {label}
      </Button>
      {isOpen && (
        <Modal
          visible
          header={label}
          onDismiss={() => setOpen(false)}
          footer={
            <Box float="right">
              <SpaceBetween direction="horizontal" size="xs">
                <Button variant="link" onClick={() => setOpen(false)}>
                  Close
                </Button>
                <Button variant="primary" onClick={confirm} loading={isBusy} disabled={!isReady}>
                  {label}
                </Button>
              </SpaceBetween>
            </Box>
          }
        >
          <SpaceBetween size="m">
            {children}
            <CommandLine command={command} />
          </SpaceBetween>
        </Modal>
      )}
    </>
  );
}
