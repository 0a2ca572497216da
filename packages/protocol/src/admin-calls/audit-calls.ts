import { enc, query, type Send } from '../admin-sender.ts'
import type { AuditAnchor, AuditPage, AuditSearch, AuditVerification } from '../audit-messages.ts'

export const auditCalls = (send: Send) => {
  const at = (project: string | undefined) => (project === undefined ? '/audit' : `/projects/${enc(project)}/audit`)
  return {
    /** Newest first; without a project: of everything. */
    searchAudit: (project: string | undefined, search: AuditSearch = {}) =>
      send<AuditPage>('GET', `${at(project)}${query(search)}`),
    /** Checks the whole chain, with an anchor also against an end of it that was kept elsewhere. */
    verifyAudit: (project?: string, anchor?: AuditAnchor) =>
      send<AuditVerification>('GET', `${at(project)}/verify${query({ ...anchor })}`),
    /** Address from which what fits can be downloaded as JSON lines. */
    auditExportPath: (project: string, search: Omit<AuditSearch, 'before' | 'limit'> = {}) =>
      `/api/v1/projects/${enc(project)}/audit/export${query(search)}`,
  }
}
