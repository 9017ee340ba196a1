import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useKept } from './kept.ts';

/** The name under which this browser acts, for others who see what was done. */
export const usePerson = (): [string, (name: string) => void] => useKept('person');

interface PersonFieldProps {
  readonly name: string;
  readonly change: (name: string) => void;
}

export function PersonField({ name, change }: PersonFieldProps) {
  return (
    <FormField label="Your name" description="Name or e-mail address. Others see who did it.">
      <Input value={name} onChange={({ detail }) => change(detail.value)} autoComplete="name" />
    </FormField>
  );
}
