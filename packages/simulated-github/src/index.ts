export { startSimulatedGithub, type DeliveryItem, type NewToken, type SimulatedGithub } from './start.ts';
export { appJwt } from './app-jwt.ts';
export type { PullRequestHandle, PullRequestRecord, RepositoryHandle } from './handles.ts';
export type { SimulatedGithubOptions } from './options.ts';
export type { FileContent } from './git/commit.ts';
export type { NewRepository } from './world/repositories.ts';
export type { NewPullRequest, Push } from './world/pulls.ts';
