import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import Textarea from '@cloudscape-design/components/textarea';
import Toggle from '@cloudscape-design/components/toggle';
import type { Field } from './fields.ts';

interface FieldControlProps {
  readonly field: Field;
  readonly entry: string | boolean;
  readonly error: string | undefined;
  readonly change: (entry: string | boolean) => void;
}

/** One field of the form with its label, its description and its error. */
export function FieldControl({ field, entry, error, change }: FieldControlProps) {
  const { label, description, required } = field;
  return (
    <FormField label={required ? label : `${label} (optional)`} description={description} errorText={error} stretch>
      <Control field={field} entry={entry} change={change} />
    </FormField>
  );
}

function Control({ field: { control, label, required }, entry, change }: Omit<FieldControlProps, 'error'>) {
  const text = typeof entry === 'string' ? entry : '';
  const type = ({ detail }: { readonly detail: { readonly value: string } }): void => change(detail.value);
  switch (control.kind) {
    case 'flag':
      return (
        <Toggle checked={entry === true} onChange={({ detail }) => change(detail.checked)} ariaLabel={label}>
          {entry === true ? 'Yes' : 'No'}
        </Toggle>
      );
    case 'choice':
      return (
        <Select
          selectedOption={text === '' ? null : { value: text, label: text }}
          onChange={({ detail }) => change(detail.selectedOption.value ?? '')}
          options={[
            ...(required ? [] : [{ value: '', label: '–' }]),
            ...control.of.map((value) => ({ value, label: value })),
          ]}
          placeholder="Choose"
        />
      );
    case 'number':
      return <Input type="number" step="any" value={text} onChange={type} />;
    case 'text':
      return control.long ? <Textarea value={text} onChange={type} rows={4} /> : <Input value={text} onChange={type} />;
    case 'lines':
      return <Textarea value={text} onChange={type} rows={4} placeholder="One value a line" />;
    case 'json':
      return <Textarea value={text} onChange={type} rows={8} spellcheck={false} placeholder="JSON" />;
  }
}
