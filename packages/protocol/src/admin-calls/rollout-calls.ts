import type { PlanInput } from '@dimmer/rollout'
import type { DecisionView, RolloutAction, RolloutSeries, RolloutView } from '../admin-messages.ts'
import { enc, query, type Send } from '../admin-sender.ts'
import type { StartApprovalsView } from '../approval-messages.ts'

export const rolloutCalls = (send: Send) => {
  const at = (project: string, id: string) => `/projects/${enc(project)}/rollouts/${enc(id)}`
  return {
    listRollouts: (project: string, filter: { flag?: string; environment?: string } = {}) =>
      send<readonly RolloutView[]>('GET', `/projects/${enc(project)}/rollouts${query(filter)}`),
    getRollout: (project: string, id: string) => send<RolloutView>('GET', at(project, id)),
    createRollout: (project: string, plan: PlanInput) =>
      send<RolloutView>('POST', `/projects/${enc(project)}/rollouts`, plan),
    actOnRollout: (project: string, id: string, act: { action: RolloutAction; note?: string }) =>
      send<RolloutView>('POST', `${at(project, id)}/${act.action}`, act.note === undefined ? {} : { note: act.note }),
    /** Approves the start of a draft, with all its stages. */
    approveRollout: (project: string, id: string, said: { note?: string } = {}) =>
      send<StartApprovalsView>('POST', `${at(project, id)}/approve`, said),
    rolloutApprovals: (project: string, id: string) => send<StartApprovalsView>('GET', `${at(project, id)}/approvals`),
    listDecisions: (project: string, id: string) =>
      send<readonly DecisionView[]>('GET', `${at(project, id)}/decisions`),
    rolloutSeries: (project: string, id: string) => send<RolloutSeries>('GET', `${at(project, id)}/series`),
  }
}
