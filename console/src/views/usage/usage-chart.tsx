import BarChart from '@cloudscape-design/components/bar-chart';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import type { UsageAnswer } from '../../api/usage.ts';
import { dollars } from '../../parts/format.ts';
import { seriesOf } from './series.ts';

/** What each agent cost, day by day. */
export function UsageChart({ rows }: Pick<UsageAnswer, 'rows'>) {
  const { days, series } = seriesOf(rows);
  if (days.length < 2) return null;
  return (
    <Container header={<Header>Cost by day</Header>}>
      <BarChart
        ariaLabel="Cost by day and agent"
        stackedBars
        hideFilter
        height={200}
        xScaleType="categorical"
        xDomain={[...days]}
        yTitle="US dollars"
        series={series.map(({ agent, usd }) => ({
          type: 'bar',
          title: agent,
          data: usd.map((y, index) => ({ x: days[index] ?? '', y })),
          valueFormatter: dollars,
        }))}
        i18nStrings={{ yTickFormatter: dollars }}
        empty="No usage in these days."
      />
    </Container>
  );
}
