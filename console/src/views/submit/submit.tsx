import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { agentName } from '#core/api/tasks/messages.ts';
import { useAgents } from '../../api/agents.ts';
import { dollars } from '../../parts/format.ts';
import { Page } from '../../parts/page.tsx';
import { useSearchState } from '../../url/use-search-state.ts';
import { SubmitForm } from './submit-form.tsx';

const SEARCH = { agent: agentName };

/** Submits a task to any agent, by a form made from its input schema. */
export function Submit() {
  const { values, change } = useSearchState(SEARCH);
  const agents = useAgents();
  const card = agents.data?.find(({ name }) => name === values.agent) ?? agents.data?.[0];
  return (
    <Page title="Submit a task" source={agents}>
      <SpaceBetween size="l">
        <Container>
          <FormField label="Agent" description={card?.description}>
            <Select
              selectedOption={card ? { value: card.name, label: card.name } : null}
              onChange={({ detail }) => change({ agent: detail.selectedOption.value })}
              options={agents.data?.map(({ name, description }) => ({ value: name, label: name, description })) ?? []}
              filteringType="auto"
              statusType={agents.isPending ? 'loading' : 'finished'}
            />
          </FormField>
          {card && (
            <Box color="text-body-secondary">
              At most {dollars(card.budget.usd)} a task; model: {card.tier}; tools: {card.tools.join(', ') || 'none'}.
            </Box>
          )}
        </Container>
        {card && <SubmitForm key={card.name} card={card} />}
      </SpaceBetween>
    </Page>
  );
}
