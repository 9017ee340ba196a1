import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import type { ServiceOutput } from '../../service.ts';
import type { Apis, RestApi } from '../apis.ts';
import { action, page, paging } from './action.ts';

export const getRestApis = action(z.strictObject(paging), ({ apis }, given) => {
  const { entries, more } = page(apis.all, given);
  return { item: entries.map(shown), ...more };
});

export const getRestApi = action(z.strictObject({ restApiId: z.string() }), ({ apis }, { restApiId }) =>
  shown(find(apis, restApiId)),
);

export const getStages = action(
  z.strictObject({ restApiId: z.string(), deploymentId: z.string().optional() }),
  ({ apis }, { restApiId, deploymentId }) => {
    const stages = [...find(apis, restApiId).stages.values()];
    const matching = stages.filter((stage) => deploymentId === undefined || stage.deploymentId === deploymentId);
    const item = matching.map(({ name, deploymentId, variables }) => ({ stageName: name, deploymentId, variables }));
    return { item };
  },
);

function find(apis: Apis, id: string): RestApi {
  const api = apis.find(id);
  if (api === undefined) throw new ServiceError('NotFoundException', 'Invalid API identifier specified', 404);
  return api;
}

function shown(api: RestApi): ServiceOutput {
  return {
    id: api.id,
    name: api.name,
    description: api.description,
    createdDate: Math.floor(api.createdAt / 1000),
    apiKeySource: api.apiKeySource,
    binaryMediaTypes: api.binaryMediaTypes,
    disableExecuteApiEndpoint: api.disabled,
    rootResourceId: api.rootId,
  };
}
