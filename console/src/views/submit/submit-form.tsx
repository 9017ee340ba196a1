import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Toggle from '@cloudscape-design/components/toggle';
import { useMemo, useState, type SubmitEvent } from 'react';
import type { AgentCard } from '../../api/agents.ts';
import { CommandLine } from '../../parts/command-line.tsx';
import { FieldControl } from './field-control.tsx';
import { fieldsOf, type Field } from './fields.ts';
import { initialEntries, type Entries } from './input-of.ts';
import { LIMITS } from './limits.ts';
import { useSubmission } from './use-submission.ts';

/** The whole input as one field. */
const AS_JSON: Field = {
  path: [],
  label: 'Input',
  description: 'JSON that matches the agent’s input schema.',
  required: true,
  control: { kind: 'json' },
  initial: undefined,
};

/** The form of one agent. */
export function SubmitForm({ card }: { readonly card: AgentCard }) {
  const own = useMemo(() => fieldsOf(card.inputSchema), [card]);
  const [isJson, setJson] = useState(own === null);
  const fields = isJson || own === null ? [AS_JSON] : own;
  const [entries, setEntries] = useState<Entries>(() => initialEntries([...(own ?? []), ...LIMITS]));
  const { errors, isBusy, command, submit } = useSubmission(card.name, fields, entries);
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    // The action has told the person already.
    submit().catch(() => undefined);
  };
  const shown = { entries, errors, change: setEntries };
  const toggle = (
    <Toggle checked={isJson} onChange={({ detail }) => setJson(detail.checked)}>
      As JSON
    </Toggle>
  );
  const button = (
    <Button variant="primary" loading={isBusy}>
      Submit
    </Button>
  );
  return (
    <form onSubmit={onSubmit}>
      <Form actions={button}>
        <SpaceBetween size="l">
          {card.takesObject && (
            <Alert type="info">The agent takes an uploaded file: use the command line for it.</Alert>
          )}
          <Container header={<Header actions={own !== null && toggle}>Input</Header>}>
            <Fields fields={fields} {...shown} />
          </Container>
          <Container header={<Header>Limits and session</Header>}>
            <Fields fields={LIMITS} {...shown} />
          </Container>
          <CommandLine command={command} />
        </SpaceBetween>
      </Form>
    </form>
  );
}

interface FieldsProps {
  readonly fields: readonly Field[];
  readonly entries: Entries;
  readonly errors: Readonly<Record<string, string>>;
  readonly change: (entries: Entries) => void;
}

function Fields({ fields, entries, errors, change }: FieldsProps) {
  return (
    <SpaceBetween size="m">
      {fields.map((field) => (
        <FieldControl
          key={field.label}
          field={field}
          entry={entries[field.label] ?? ''}
          error={errors[field.label]}
          change={(entry) => change({ ...entries, [field.label]: entry })}
        />
      ))}
    </SpaceBetween>
  );
}
