/** Made by scripts/make-api-types.ts from the OpenAPI document: do not edit. */

export interface Schemas {
  readonly Incident: {
    readonly id: string
    readonly title: string
    readonly openedAt: string
    readonly entryIndex: number
    readonly items: {
      readonly recording: number
      readonly photo: number
      readonly document: number
      readonly other: number
    }
    readonly problems: number
    readonly notices: number
    readonly publication?: Schemas['Publication']
  }
  readonly Publication: {
    readonly revision: number
    readonly manifestSha256: string
    readonly publishedAt: string
    readonly entryIndex: number
  }
  readonly Problem: {
    readonly type: 'about:blank'
    readonly title: string
    readonly status: number
    readonly detail: string
    readonly code: string
  }
  readonly Item: {
    readonly sha256: string
    readonly kind: 'recording' | 'photo' | 'document' | 'other'
    readonly mediaType: string
    readonly sizeBytes: number
    readonly receivedAt: string
    readonly entryIndex: number
    readonly names: readonly string[]
    readonly findings: readonly Schemas['Finding'][]
  }
  readonly Finding: {
    readonly code: string
    readonly severity: 'problem' | 'notice'
    readonly message: string
  }
  readonly Comment: {
    readonly id: string
    readonly about:
      | {
          readonly kind: 'story'
        }
      | {
          readonly kind: 'claim'
          readonly id: string
        }
      | {
          readonly kind: 'quote'
          readonly id: string
        }
      | {
          readonly kind: 'moment'
          readonly footage: string
          readonly atSeconds: number
        }
    readonly name?: string
    readonly text: string
    readonly postedAt: string
  }
  readonly ModeratedComment: Schemas['Comment'] & {
    readonly state: 'waiting' | 'approved' | 'rejected'
    readonly entryIndex: number
  }
  readonly Grant: {
    readonly role: 'owner' | 'editor' | 'investigator' | 'moderator' | 'viewer'
    readonly incident?: string
  }
  readonly Token: {
    readonly id: string
    readonly name: string
    readonly actions: readonly (
      | 'incident.read'
      | 'incident.open'
      | 'case.read'
      | 'case.edit'
      | 'story.edit'
      | 'story.publish'
      | 'item.read'
      | 'item.add'
      | 'original.read'
      | 'custody.read'
      | 'link.manage'
      | 'tip.read'
      | 'tip.decide'
      | 'comment.moderate'
      | 'jobs.read'
      | 'jobs.manage'
      | 'people.manage'
      | 'library.manage'
    )[]
    readonly incidents?: readonly string[]
    readonly expiresAt: string
    readonly usedAt?: string
  }
  readonly Job: {
    readonly id: number
    readonly kind: string
    readonly incident?: string
    readonly inputs: Readonly<Record<string, string | number>>
    readonly actor: string
    readonly state: 'waiting' | 'running' | 'done' | 'quarantined' | 'cancelled'
    readonly attempts: number
    readonly progress?: {
      readonly step: string
      readonly share: number
      readonly doneBytes?: number
      readonly totalBytes?: number
    }
    readonly reason?: {
      readonly code: string
      readonly message: string
    }
    readonly result?: Readonly<Record<string, string | number>>
    readonly askedAt: string
    readonly startedAt?: string
    readonly endedAt?: string
  }
  readonly SearchHit: {
    readonly incident: string
    readonly title: string
    readonly isPublished: boolean
    readonly kind:
      | 'incident'
      | 'claim'
      | 'statement'
      | 'question'
      | 'event'
      | 'account'
      | 'observation'
      | 'source'
      | 'footage'
      | 'photo'
      | 'document'
      | 'story'
    readonly ref?: string
    readonly item?: string
    readonly page?: number
    readonly text: string
    readonly marks: readonly (readonly [number, number])[]
    readonly isCutBefore: boolean
    readonly isCutAfter: boolean
  }
  readonly ContributorLink: {
    readonly id: string
    readonly incident: string
    readonly note: string
    readonly mostBytes: number
    readonly mostFiles: number
    readonly openedAt: string
    readonly expiresAt: string
    readonly closedAt?: string
  }
  readonly Tip: {
    readonly id: string
    readonly incident: string
    readonly link: string
    readonly state: 'waiting' | 'accepted' | 'declined' | 'withdrawn' | 'arriving'
    readonly account: string
    readonly begunAt: string
    readonly receivedAt?: string
    readonly decidedAt?: string
    readonly arriving: number
    readonly filesSha256: string
    readonly files: readonly {
      readonly sha256: string
      readonly sizeBytes: number
      readonly kind: 'recording' | 'photo' | 'document' | 'other'
      readonly mediaType: string
      readonly name?: string
      readonly receivedAt: string
      readonly withdrawnAt?: string
    }[]
  }
}

/** By `METHOD /path`, below `/api`. */
export interface Api {
  readonly 'GET /incidents': {
    readonly wish: {
      readonly query?: {
        readonly after?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly incidents: readonly Schemas['Incident'][]
        readonly next?: number
      }
    }
  }
  readonly 'POST /incidents': {
    readonly wish: {
      readonly body:
        | {
            readonly id: string
            readonly title: string
          }
        | {
            readonly id: string
            readonly title: string
            readonly place: string
            readonly timezone?: string
            readonly date: string
            readonly language?: string
            readonly zero?: {
              readonly footage: string
              readonly at: number
              readonly label: string
            }
            readonly 'clock-time'?: {
              readonly at: string
              readonly 'plus-minus-seconds': number
              readonly basis: string
            }
          }
    }
    readonly answers: {
      readonly 201: {
        readonly id: string
        readonly version: number
      }
    }
  }
  readonly 'GET /incidents/{incident}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly title: string
        readonly openedAt: string
        readonly entryIndex: number
        readonly items: {
          readonly recording: number
          readonly photo: number
          readonly document: number
          readonly other: number
        }
        readonly problems: number
        readonly notices: number
        readonly publications: readonly Schemas['Publication'][]
      }
    }
  }
  readonly 'GET /incidents/{incident}/items': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly after?: string | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly items: readonly Schemas['Item'][]
        readonly next?: string
      }
    }
  }
  readonly 'GET /incidents/{incident}/items/{item}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly item: string
      }
    }
    readonly answers: {
      readonly 200: Schemas['Item']
    }
  }
  readonly 'GET /custody/checkpoint': {
    readonly wish: {}
    readonly answers: {
      readonly 200: string
    }
  }
  readonly 'GET /custody/leaves': {
    readonly wish: {
      readonly query?: {
        readonly from?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly size: number
        readonly from: number
        readonly leaves: readonly string[]
      }
    }
  }
  readonly 'GET /incidents/{incident}/contradictions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly after?: string | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly contradictions: readonly (
          | {
              readonly id: string
              readonly kind: 'statements'
              readonly claim: string
              readonly asserts: {
                readonly statement: string
                readonly account: string
                readonly source: string
              }
              readonly denies: {
                readonly statement: string
                readonly account: string
                readonly source: string
              }
              readonly observations: readonly string[]
            }
          | {
              readonly id: string
              readonly kind: 'statement and observation'
              readonly claim: string
              readonly stance: 'asserts' | 'denies'
              readonly said: {
                readonly statement: string
                readonly account: string
                readonly source: string
              }
              readonly observation: string
            }
        )[]
        readonly next?: string
      }
    }
  }
  readonly 'GET /incidents/{incident}/unanswered': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly asOf: string
        readonly questions: readonly {
          readonly question: string
          readonly to: string
          readonly days?: number
          readonly answer?: {
            readonly statement: string
            readonly account: string
            readonly source: string
          }
        }[]
      }
    }
  }
  readonly 'GET /incidents/{incident}/alignment': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly madeAt: string
        readonly resultSha256: string
        readonly entryIndex: number
        readonly result: Readonly<Record<string, unknown>>
      }
    }
  }
  readonly 'GET /incidents/{incident}/derivatives': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly kind?: string | undefined
        readonly after?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly derivatives: readonly {
          readonly kind: string
          readonly recipeSha256: string
          readonly item?: string
          readonly outputSha256: string
          readonly sizeBytes: number
          readonly mediaType: string
          readonly madeAt: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/custody': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly after?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly entries: readonly {
          readonly index: number
          readonly commitment: string
          readonly record: {
            readonly type: string
            readonly at: string
            readonly actor: string
          }
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/case': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly footage?: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly id: string
            readonly file: string
            readonly label: string
            readonly source?: string
            readonly credit?: string
            readonly position?: {
              readonly x: number
              readonly y: number
              readonly error?: number
            }
            readonly note?: string
          }
        }[]
        readonly photos?: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly id: string
            readonly file: string
            readonly label: string
            readonly alt: string
            readonly source?: string
            readonly credit?: string
          }
        }[]
        readonly documents?: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly id: string
            readonly file: string
            readonly title: string
            readonly 'text-of'?: string
            readonly received?: string
          }
        }[]
        readonly sources?: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly id: string
            readonly name: string
            readonly kind: 'witness' | 'authority' | 'news outlet' | 'organisation'
            readonly about?: string
          }
        }[]
        readonly accounts?: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly id: string
            readonly source: string
            readonly date: string
            readonly document?: string
            readonly footage?: string
            readonly note?: string
          }
        }[]
        readonly statements?: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly id: string
            readonly account: string
            readonly quote: string
            readonly prefix?: string
            readonly suffix?: string
            readonly from?: number
            readonly to?: number
            readonly on?: readonly {
              readonly claim: string
              readonly stance: 'asserts' | 'denies' | 'qualifies'
            }[]
          }
        }[]
        readonly claims?: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly id: string
            readonly text: string
            readonly about?: string
          }
        }[]
        readonly observations?: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly id: string
            readonly claim: string
            readonly by: string
            readonly date: string
            readonly judgement:
              | 'shows'
              | 'contradicts'
              | 'consistent with'
              | 'not visible'
              | 'not covered'
            readonly moment?: {
              readonly footage: string
              readonly from: number
              readonly to: number
            }
            readonly note?: string
          }
        }[]
        readonly questions?: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly id: string
            readonly text: string
            readonly to: string
            readonly asked: string
            readonly document?: string
            readonly 'would-answer'?: string
            readonly answered?: {
              readonly statement: string
              readonly date: string
            }
          }
        }[]
        readonly events?: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly id: string
            readonly label: string
            readonly footage?: string
            readonly at?: number
            readonly to?: number
            readonly 'plus-minus-seconds'?: number
            readonly date?: string
            readonly kind?: 'event' | 'impulsive sound' | 'inquiry'
            readonly decision?: 'confirmed' | 'rejected'
            readonly by?: string
            readonly sources?: readonly string[]
            readonly note?: string
          }
        }[]
        readonly anchors?: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly a: {
              readonly footage: string
              readonly at: number
            }
            readonly b: {
              readonly footage: string
              readonly at: number
            }
            readonly 'plus-minus-seconds': number
            readonly seen: string
          }
        }[]
        readonly redactions?: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly id: string
            readonly footage?: string
            readonly photo?: string
            readonly document?: string
            readonly page?: number
            readonly action: 'cover' | 'silence'
            readonly from?: number
            readonly to?: number
            readonly region?: {
              readonly x: number
              readonly y: number
              readonly width: number
              readonly height: number
            }
            readonly keyframes?: readonly {
              readonly at: number
              readonly region: {
                readonly x: number
                readonly y: number
                readonly width: number
                readonly height: number
              }
            }[]
            readonly reason: string
            readonly 'asked-by': string
            readonly note?: string
          }
        }[]
      }
    }
  }
  readonly 'PUT /incidents/{incident}/case': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly body: {
        readonly case: string
        readonly story: string
        readonly files: Readonly<Record<string, string>>
      }
    }
    readonly answers: {
      readonly 200: {
        readonly revision: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/footage': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly after?: string | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly records: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly id: string
            readonly file: string
            readonly label: string
            readonly source?: string
            readonly credit?: string
            readonly position?: {
              readonly x: number
              readonly y: number
              readonly error?: number
            }
            readonly note?: string
          }
        }[]
        readonly next?: string
      }
    }
  }
  readonly 'POST /incidents/{incident}/footage': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly body: {
        readonly id: string
        readonly file: string
        readonly label: string
        readonly source?: string
        readonly credit?: string
        readonly position?: {
          readonly x: number
          readonly y: number
          readonly error?: number
        }
        readonly note?: string
      }
    }
    readonly answers: {
      readonly 201: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly file: string
          readonly label: string
          readonly source?: string
          readonly credit?: string
          readonly position?: {
            readonly x: number
            readonly y: number
            readonly error?: number
          }
          readonly note?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/footage/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'PUT /incidents/{incident}/footage/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly ids: readonly string[]
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'GET /incidents/{incident}/footage/order/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly ids: readonly string[]
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/footage/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly file: string
          readonly label: string
          readonly source?: string
          readonly credit?: string
          readonly position?: {
            readonly x: number
            readonly y: number
            readonly error?: number
          }
          readonly note?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'PUT /incidents/{incident}/footage/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly id: string
        readonly file: string
        readonly label: string
        readonly source?: string
        readonly credit?: string
        readonly position?: {
          readonly x: number
          readonly y: number
          readonly error?: number
        }
        readonly note?: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly file: string
          readonly label: string
          readonly source?: string
          readonly credit?: string
          readonly position?: {
            readonly x: number
            readonly y: number
            readonly error?: number
          }
          readonly note?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'DELETE /incidents/{incident}/footage/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
    }
    readonly answers: {
      readonly 204: undefined
    }
  }
  readonly 'GET /incidents/{incident}/footage/{id}/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly id: string
            readonly file: string
            readonly label: string
            readonly source?: string
            readonly credit?: string
            readonly position?: {
              readonly x: number
              readonly y: number
              readonly error?: number
            }
            readonly note?: string
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/photos': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly after?: string | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly records: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly id: string
            readonly file: string
            readonly label: string
            readonly alt: string
            readonly source?: string
            readonly credit?: string
          }
        }[]
        readonly next?: string
      }
    }
  }
  readonly 'POST /incidents/{incident}/photos': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly body: {
        readonly id: string
        readonly file: string
        readonly label: string
        readonly alt: string
        readonly source?: string
        readonly credit?: string
      }
    }
    readonly answers: {
      readonly 201: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly file: string
          readonly label: string
          readonly alt: string
          readonly source?: string
          readonly credit?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/photos/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'PUT /incidents/{incident}/photos/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly ids: readonly string[]
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'GET /incidents/{incident}/photos/order/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly ids: readonly string[]
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/photos/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly file: string
          readonly label: string
          readonly alt: string
          readonly source?: string
          readonly credit?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'PUT /incidents/{incident}/photos/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly id: string
        readonly file: string
        readonly label: string
        readonly alt: string
        readonly source?: string
        readonly credit?: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly file: string
          readonly label: string
          readonly alt: string
          readonly source?: string
          readonly credit?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'DELETE /incidents/{incident}/photos/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
    }
    readonly answers: {
      readonly 204: undefined
    }
  }
  readonly 'GET /incidents/{incident}/photos/{id}/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly id: string
            readonly file: string
            readonly label: string
            readonly alt: string
            readonly source?: string
            readonly credit?: string
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/documents': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly after?: string | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly records: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly id: string
            readonly file: string
            readonly title: string
            readonly 'text-of'?: string
            readonly received?: string
          }
        }[]
        readonly next?: string
      }
    }
  }
  readonly 'POST /incidents/{incident}/documents': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly body: {
        readonly id: string
        readonly file: string
        readonly title: string
        readonly 'text-of'?: string
        readonly received?: string
      }
    }
    readonly answers: {
      readonly 201: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly file: string
          readonly title: string
          readonly 'text-of'?: string
          readonly received?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/documents/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'PUT /incidents/{incident}/documents/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly ids: readonly string[]
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'GET /incidents/{incident}/documents/order/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly ids: readonly string[]
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/documents/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly file: string
          readonly title: string
          readonly 'text-of'?: string
          readonly received?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'PUT /incidents/{incident}/documents/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly id: string
        readonly file: string
        readonly title: string
        readonly 'text-of'?: string
        readonly received?: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly file: string
          readonly title: string
          readonly 'text-of'?: string
          readonly received?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'DELETE /incidents/{incident}/documents/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
    }
    readonly answers: {
      readonly 204: undefined
    }
  }
  readonly 'GET /incidents/{incident}/documents/{id}/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly id: string
            readonly file: string
            readonly title: string
            readonly 'text-of'?: string
            readonly received?: string
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/sources': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly after?: string | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly records: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly id: string
            readonly name: string
            readonly kind: 'witness' | 'authority' | 'news outlet' | 'organisation'
            readonly about?: string
          }
        }[]
        readonly next?: string
      }
    }
  }
  readonly 'POST /incidents/{incident}/sources': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly body: {
        readonly id: string
        readonly name: string
        readonly kind: 'witness' | 'authority' | 'news outlet' | 'organisation'
        readonly about?: string
      }
    }
    readonly answers: {
      readonly 201: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly name: string
          readonly kind: 'witness' | 'authority' | 'news outlet' | 'organisation'
          readonly about?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/sources/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'PUT /incidents/{incident}/sources/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly ids: readonly string[]
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'GET /incidents/{incident}/sources/order/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly ids: readonly string[]
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/sources/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly name: string
          readonly kind: 'witness' | 'authority' | 'news outlet' | 'organisation'
          readonly about?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'PUT /incidents/{incident}/sources/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly id: string
        readonly name: string
        readonly kind: 'witness' | 'authority' | 'news outlet' | 'organisation'
        readonly about?: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly name: string
          readonly kind: 'witness' | 'authority' | 'news outlet' | 'organisation'
          readonly about?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'DELETE /incidents/{incident}/sources/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
    }
    readonly answers: {
      readonly 204: undefined
    }
  }
  readonly 'GET /incidents/{incident}/sources/{id}/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly id: string
            readonly name: string
            readonly kind: 'witness' | 'authority' | 'news outlet' | 'organisation'
            readonly about?: string
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/accounts': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly after?: string | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly records: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly id: string
            readonly source: string
            readonly date: string
            readonly document?: string
            readonly footage?: string
            readonly note?: string
          }
        }[]
        readonly next?: string
      }
    }
  }
  readonly 'POST /incidents/{incident}/accounts': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly body: {
        readonly id: string
        readonly source: string
        readonly date: string
        readonly document?: string
        readonly footage?: string
        readonly note?: string
      }
    }
    readonly answers: {
      readonly 201: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly source: string
          readonly date: string
          readonly document?: string
          readonly footage?: string
          readonly note?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/accounts/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'PUT /incidents/{incident}/accounts/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly ids: readonly string[]
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'GET /incidents/{incident}/accounts/order/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly ids: readonly string[]
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/accounts/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly source: string
          readonly date: string
          readonly document?: string
          readonly footage?: string
          readonly note?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'PUT /incidents/{incident}/accounts/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly id: string
        readonly source: string
        readonly date: string
        readonly document?: string
        readonly footage?: string
        readonly note?: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly source: string
          readonly date: string
          readonly document?: string
          readonly footage?: string
          readonly note?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'DELETE /incidents/{incident}/accounts/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
    }
    readonly answers: {
      readonly 204: undefined
    }
  }
  readonly 'GET /incidents/{incident}/accounts/{id}/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly id: string
            readonly source: string
            readonly date: string
            readonly document?: string
            readonly footage?: string
            readonly note?: string
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/statements': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly after?: string | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly records: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly id: string
            readonly account: string
            readonly quote: string
            readonly prefix?: string
            readonly suffix?: string
            readonly from?: number
            readonly to?: number
            readonly on?: readonly {
              readonly claim: string
              readonly stance: 'asserts' | 'denies' | 'qualifies'
            }[]
          }
        }[]
        readonly next?: string
      }
    }
  }
  readonly 'POST /incidents/{incident}/statements': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly body: {
        readonly id: string
        readonly account: string
        readonly quote: string
        readonly prefix?: string
        readonly suffix?: string
        readonly from?: number
        readonly to?: number
        readonly on?: readonly {
          readonly claim: string
          readonly stance: 'asserts' | 'denies' | 'qualifies'
        }[]
      }
    }
    readonly answers: {
      readonly 201: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly account: string
          readonly quote: string
          readonly prefix?: string
          readonly suffix?: string
          readonly from?: number
          readonly to?: number
          readonly on?: readonly {
            readonly claim: string
            readonly stance: 'asserts' | 'denies' | 'qualifies'
          }[]
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/statements/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'PUT /incidents/{incident}/statements/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly ids: readonly string[]
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'GET /incidents/{incident}/statements/order/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly ids: readonly string[]
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/statements/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly account: string
          readonly quote: string
          readonly prefix?: string
          readonly suffix?: string
          readonly from?: number
          readonly to?: number
          readonly on?: readonly {
            readonly claim: string
            readonly stance: 'asserts' | 'denies' | 'qualifies'
          }[]
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'PUT /incidents/{incident}/statements/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly id: string
        readonly account: string
        readonly quote: string
        readonly prefix?: string
        readonly suffix?: string
        readonly from?: number
        readonly to?: number
        readonly on?: readonly {
          readonly claim: string
          readonly stance: 'asserts' | 'denies' | 'qualifies'
        }[]
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly account: string
          readonly quote: string
          readonly prefix?: string
          readonly suffix?: string
          readonly from?: number
          readonly to?: number
          readonly on?: readonly {
            readonly claim: string
            readonly stance: 'asserts' | 'denies' | 'qualifies'
          }[]
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'DELETE /incidents/{incident}/statements/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
    }
    readonly answers: {
      readonly 204: undefined
    }
  }
  readonly 'GET /incidents/{incident}/statements/{id}/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly id: string
            readonly account: string
            readonly quote: string
            readonly prefix?: string
            readonly suffix?: string
            readonly from?: number
            readonly to?: number
            readonly on?: readonly {
              readonly claim: string
              readonly stance: 'asserts' | 'denies' | 'qualifies'
            }[]
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/claims': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly after?: string | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly records: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly id: string
            readonly text: string
            readonly about?: string
          }
        }[]
        readonly next?: string
      }
    }
  }
  readonly 'POST /incidents/{incident}/claims': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly body: {
        readonly id: string
        readonly text: string
        readonly about?: string
      }
    }
    readonly answers: {
      readonly 201: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly text: string
          readonly about?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/claims/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'PUT /incidents/{incident}/claims/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly ids: readonly string[]
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'GET /incidents/{incident}/claims/order/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly ids: readonly string[]
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/claims/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly text: string
          readonly about?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'PUT /incidents/{incident}/claims/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly id: string
        readonly text: string
        readonly about?: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly text: string
          readonly about?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'DELETE /incidents/{incident}/claims/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
    }
    readonly answers: {
      readonly 204: undefined
    }
  }
  readonly 'GET /incidents/{incident}/claims/{id}/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly id: string
            readonly text: string
            readonly about?: string
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/observations': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly after?: string | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly records: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly id: string
            readonly claim: string
            readonly by: string
            readonly date: string
            readonly judgement:
              | 'shows'
              | 'contradicts'
              | 'consistent with'
              | 'not visible'
              | 'not covered'
            readonly moment?: {
              readonly footage: string
              readonly from: number
              readonly to: number
            }
            readonly note?: string
          }
        }[]
        readonly next?: string
      }
    }
  }
  readonly 'POST /incidents/{incident}/observations': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly body: {
        readonly id: string
        readonly claim: string
        readonly by: string
        readonly date: string
        readonly judgement:
          | 'shows'
          | 'contradicts'
          | 'consistent with'
          | 'not visible'
          | 'not covered'
        readonly moment?: {
          readonly footage: string
          readonly from: number
          readonly to: number
        }
        readonly note?: string
      }
    }
    readonly answers: {
      readonly 201: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly claim: string
          readonly by: string
          readonly date: string
          readonly judgement:
            | 'shows'
            | 'contradicts'
            | 'consistent with'
            | 'not visible'
            | 'not covered'
          readonly moment?: {
            readonly footage: string
            readonly from: number
            readonly to: number
          }
          readonly note?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/observations/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'PUT /incidents/{incident}/observations/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly ids: readonly string[]
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'GET /incidents/{incident}/observations/order/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly ids: readonly string[]
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/observations/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly claim: string
          readonly by: string
          readonly date: string
          readonly judgement:
            | 'shows'
            | 'contradicts'
            | 'consistent with'
            | 'not visible'
            | 'not covered'
          readonly moment?: {
            readonly footage: string
            readonly from: number
            readonly to: number
          }
          readonly note?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'PUT /incidents/{incident}/observations/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly id: string
        readonly claim: string
        readonly by: string
        readonly date: string
        readonly judgement:
          | 'shows'
          | 'contradicts'
          | 'consistent with'
          | 'not visible'
          | 'not covered'
        readonly moment?: {
          readonly footage: string
          readonly from: number
          readonly to: number
        }
        readonly note?: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly claim: string
          readonly by: string
          readonly date: string
          readonly judgement:
            | 'shows'
            | 'contradicts'
            | 'consistent with'
            | 'not visible'
            | 'not covered'
          readonly moment?: {
            readonly footage: string
            readonly from: number
            readonly to: number
          }
          readonly note?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'DELETE /incidents/{incident}/observations/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
    }
    readonly answers: {
      readonly 204: undefined
    }
  }
  readonly 'GET /incidents/{incident}/observations/{id}/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly id: string
            readonly claim: string
            readonly by: string
            readonly date: string
            readonly judgement:
              | 'shows'
              | 'contradicts'
              | 'consistent with'
              | 'not visible'
              | 'not covered'
            readonly moment?: {
              readonly footage: string
              readonly from: number
              readonly to: number
            }
            readonly note?: string
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/questions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly after?: string | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly records: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly id: string
            readonly text: string
            readonly to: string
            readonly asked: string
            readonly document?: string
            readonly 'would-answer'?: string
            readonly answered?: {
              readonly statement: string
              readonly date: string
            }
          }
        }[]
        readonly next?: string
      }
    }
  }
  readonly 'POST /incidents/{incident}/questions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly body: {
        readonly id: string
        readonly text: string
        readonly to: string
        readonly asked: string
        readonly document?: string
        readonly 'would-answer'?: string
        readonly answered?: {
          readonly statement: string
          readonly date: string
        }
      }
    }
    readonly answers: {
      readonly 201: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly text: string
          readonly to: string
          readonly asked: string
          readonly document?: string
          readonly 'would-answer'?: string
          readonly answered?: {
            readonly statement: string
            readonly date: string
          }
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/questions/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'PUT /incidents/{incident}/questions/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly ids: readonly string[]
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'GET /incidents/{incident}/questions/order/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly ids: readonly string[]
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/questions/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly text: string
          readonly to: string
          readonly asked: string
          readonly document?: string
          readonly 'would-answer'?: string
          readonly answered?: {
            readonly statement: string
            readonly date: string
          }
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'PUT /incidents/{incident}/questions/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly id: string
        readonly text: string
        readonly to: string
        readonly asked: string
        readonly document?: string
        readonly 'would-answer'?: string
        readonly answered?: {
          readonly statement: string
          readonly date: string
        }
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly text: string
          readonly to: string
          readonly asked: string
          readonly document?: string
          readonly 'would-answer'?: string
          readonly answered?: {
            readonly statement: string
            readonly date: string
          }
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'DELETE /incidents/{incident}/questions/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
    }
    readonly answers: {
      readonly 204: undefined
    }
  }
  readonly 'GET /incidents/{incident}/questions/{id}/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly id: string
            readonly text: string
            readonly to: string
            readonly asked: string
            readonly document?: string
            readonly 'would-answer'?: string
            readonly answered?: {
              readonly statement: string
              readonly date: string
            }
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/events': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly after?: string | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly records: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly id: string
            readonly label: string
            readonly footage?: string
            readonly at?: number
            readonly to?: number
            readonly 'plus-minus-seconds'?: number
            readonly date?: string
            readonly kind?: 'event' | 'impulsive sound' | 'inquiry'
            readonly decision?: 'confirmed' | 'rejected'
            readonly by?: string
            readonly sources?: readonly string[]
            readonly note?: string
          }
        }[]
        readonly next?: string
      }
    }
  }
  readonly 'POST /incidents/{incident}/events': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly body: {
        readonly id: string
        readonly label: string
        readonly footage?: string
        readonly at?: number
        readonly to?: number
        readonly 'plus-minus-seconds'?: number
        readonly date?: string
        readonly kind?: 'event' | 'impulsive sound' | 'inquiry'
        readonly decision?: 'confirmed' | 'rejected'
        readonly by?: string
        readonly sources?: readonly string[]
        readonly note?: string
      }
    }
    readonly answers: {
      readonly 201: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly label: string
          readonly footage?: string
          readonly at?: number
          readonly to?: number
          readonly 'plus-minus-seconds'?: number
          readonly date?: string
          readonly kind?: 'event' | 'impulsive sound' | 'inquiry'
          readonly decision?: 'confirmed' | 'rejected'
          readonly by?: string
          readonly sources?: readonly string[]
          readonly note?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/events/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'PUT /incidents/{incident}/events/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly ids: readonly string[]
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'GET /incidents/{incident}/events/order/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly ids: readonly string[]
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/events/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly label: string
          readonly footage?: string
          readonly at?: number
          readonly to?: number
          readonly 'plus-minus-seconds'?: number
          readonly date?: string
          readonly kind?: 'event' | 'impulsive sound' | 'inquiry'
          readonly decision?: 'confirmed' | 'rejected'
          readonly by?: string
          readonly sources?: readonly string[]
          readonly note?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'PUT /incidents/{incident}/events/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly id: string
        readonly label: string
        readonly footage?: string
        readonly at?: number
        readonly to?: number
        readonly 'plus-minus-seconds'?: number
        readonly date?: string
        readonly kind?: 'event' | 'impulsive sound' | 'inquiry'
        readonly decision?: 'confirmed' | 'rejected'
        readonly by?: string
        readonly sources?: readonly string[]
        readonly note?: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly label: string
          readonly footage?: string
          readonly at?: number
          readonly to?: number
          readonly 'plus-minus-seconds'?: number
          readonly date?: string
          readonly kind?: 'event' | 'impulsive sound' | 'inquiry'
          readonly decision?: 'confirmed' | 'rejected'
          readonly by?: string
          readonly sources?: readonly string[]
          readonly note?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'DELETE /incidents/{incident}/events/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
    }
    readonly answers: {
      readonly 204: undefined
    }
  }
  readonly 'GET /incidents/{incident}/events/{id}/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly id: string
            readonly label: string
            readonly footage?: string
            readonly at?: number
            readonly to?: number
            readonly 'plus-minus-seconds'?: number
            readonly date?: string
            readonly kind?: 'event' | 'impulsive sound' | 'inquiry'
            readonly decision?: 'confirmed' | 'rejected'
            readonly by?: string
            readonly sources?: readonly string[]
            readonly note?: string
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/anchors': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly after?: string | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly records: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly a: {
              readonly footage: string
              readonly at: number
            }
            readonly b: {
              readonly footage: string
              readonly at: number
            }
            readonly 'plus-minus-seconds': number
            readonly seen: string
          }
        }[]
        readonly next?: string
      }
    }
  }
  readonly 'POST /incidents/{incident}/anchors': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly body: {
        readonly a: {
          readonly footage: string
          readonly at: number
        }
        readonly b: {
          readonly footage: string
          readonly at: number
        }
        readonly 'plus-minus-seconds': number
        readonly seen: string
      }
    }
    readonly answers: {
      readonly 201: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly a: {
            readonly footage: string
            readonly at: number
          }
          readonly b: {
            readonly footage: string
            readonly at: number
          }
          readonly 'plus-minus-seconds': number
          readonly seen: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/anchors/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'PUT /incidents/{incident}/anchors/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly ids: readonly string[]
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'GET /incidents/{incident}/anchors/order/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly ids: readonly string[]
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/anchors/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly a: {
            readonly footage: string
            readonly at: number
          }
          readonly b: {
            readonly footage: string
            readonly at: number
          }
          readonly 'plus-minus-seconds': number
          readonly seen: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'PUT /incidents/{incident}/anchors/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly a: {
          readonly footage: string
          readonly at: number
        }
        readonly b: {
          readonly footage: string
          readonly at: number
        }
        readonly 'plus-minus-seconds': number
        readonly seen: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly a: {
            readonly footage: string
            readonly at: number
          }
          readonly b: {
            readonly footage: string
            readonly at: number
          }
          readonly 'plus-minus-seconds': number
          readonly seen: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'DELETE /incidents/{incident}/anchors/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
    }
    readonly answers: {
      readonly 204: undefined
    }
  }
  readonly 'GET /incidents/{incident}/anchors/{id}/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly a: {
              readonly footage: string
              readonly at: number
            }
            readonly b: {
              readonly footage: string
              readonly at: number
            }
            readonly 'plus-minus-seconds': number
            readonly seen: string
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/redactions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly after?: string | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly records: readonly {
          readonly id: string
          readonly version: number
          readonly value: {
            readonly id: string
            readonly footage?: string
            readonly photo?: string
            readonly document?: string
            readonly page?: number
            readonly action: 'cover' | 'silence'
            readonly from?: number
            readonly to?: number
            readonly region?: {
              readonly x: number
              readonly y: number
              readonly width: number
              readonly height: number
            }
            readonly keyframes?: readonly {
              readonly at: number
              readonly region: {
                readonly x: number
                readonly y: number
                readonly width: number
                readonly height: number
              }
            }[]
            readonly reason: string
            readonly 'asked-by': string
            readonly note?: string
          }
        }[]
        readonly next?: string
      }
    }
  }
  readonly 'POST /incidents/{incident}/redactions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly body: {
        readonly id: string
        readonly footage?: string
        readonly photo?: string
        readonly document?: string
        readonly page?: number
        readonly action: 'cover' | 'silence'
        readonly from?: number
        readonly to?: number
        readonly region?: {
          readonly x: number
          readonly y: number
          readonly width: number
          readonly height: number
        }
        readonly keyframes?: readonly {
          readonly at: number
          readonly region: {
            readonly x: number
            readonly y: number
            readonly width: number
            readonly height: number
          }
        }[]
        readonly reason: string
        readonly 'asked-by': string
        readonly note?: string
      }
    }
    readonly answers: {
      readonly 201: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly footage?: string
          readonly photo?: string
          readonly document?: string
          readonly page?: number
          readonly action: 'cover' | 'silence'
          readonly from?: number
          readonly to?: number
          readonly region?: {
            readonly x: number
            readonly y: number
            readonly width: number
            readonly height: number
          }
          readonly keyframes?: readonly {
            readonly at: number
            readonly region: {
              readonly x: number
              readonly y: number
              readonly width: number
              readonly height: number
            }
          }[]
          readonly reason: string
          readonly 'asked-by': string
          readonly note?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/redactions/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'PUT /incidents/{incident}/redactions/order': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly ids: readonly string[]
      }
    }
    readonly answers: {
      readonly 200: {
        readonly ids: readonly string[]
      }
    }
  }
  readonly 'GET /incidents/{incident}/redactions/order/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly ids: readonly string[]
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/redactions/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly footage?: string
          readonly photo?: string
          readonly document?: string
          readonly page?: number
          readonly action: 'cover' | 'silence'
          readonly from?: number
          readonly to?: number
          readonly region?: {
            readonly x: number
            readonly y: number
            readonly width: number
            readonly height: number
          }
          readonly keyframes?: readonly {
            readonly at: number
            readonly region: {
              readonly x: number
              readonly y: number
              readonly width: number
              readonly height: number
            }
          }[]
          readonly reason: string
          readonly 'asked-by': string
          readonly note?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'PUT /incidents/{incident}/redactions/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: {
        readonly id: string
        readonly footage?: string
        readonly photo?: string
        readonly document?: string
        readonly page?: number
        readonly action: 'cover' | 'silence'
        readonly from?: number
        readonly to?: number
        readonly region?: {
          readonly x: number
          readonly y: number
          readonly width: number
          readonly height: number
        }
        readonly keyframes?: readonly {
          readonly at: number
          readonly region: {
            readonly x: number
            readonly y: number
            readonly width: number
            readonly height: number
          }
        }[]
        readonly reason: string
        readonly 'asked-by': string
        readonly note?: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly footage?: string
          readonly photo?: string
          readonly document?: string
          readonly page?: number
          readonly action: 'cover' | 'silence'
          readonly from?: number
          readonly to?: number
          readonly region?: {
            readonly x: number
            readonly y: number
            readonly width: number
            readonly height: number
          }
          readonly keyframes?: readonly {
            readonly at: number
            readonly region: {
              readonly x: number
              readonly y: number
              readonly width: number
              readonly height: number
            }
          }[]
          readonly reason: string
          readonly 'asked-by': string
          readonly note?: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'DELETE /incidents/{incident}/redactions/{id}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
    }
    readonly answers: {
      readonly 204: undefined
    }
  }
  readonly 'GET /incidents/{incident}/redactions/{id}/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly id: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly id: string
            readonly footage?: string
            readonly photo?: string
            readonly document?: string
            readonly page?: number
            readonly action: 'cover' | 'silence'
            readonly from?: number
            readonly to?: number
            readonly region?: {
              readonly x: number
              readonly y: number
              readonly width: number
              readonly height: number
            }
            readonly keyframes?: readonly {
              readonly at: number
              readonly region: {
                readonly x: number
                readonly y: number
                readonly width: number
                readonly height: number
              }
            }[]
            readonly reason: string
            readonly 'asked-by': string
            readonly note?: string
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/facts': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly title: string
          readonly place: string
          readonly timezone?: string
          readonly date: string
          readonly language?: string
          readonly zero?: {
            readonly footage: string
            readonly at: number
            readonly label: string
          }
          readonly 'clock-time'?: {
            readonly at: string
            readonly 'plus-minus-seconds': number
            readonly basis: string
          }
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'PUT /incidents/{incident}/facts': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
        readonly 'if-none-match'?: string | undefined
      }
      readonly body: {
        readonly id: string
        readonly title: string
        readonly place: string
        readonly timezone?: string
        readonly date: string
        readonly language?: string
        readonly zero?: {
          readonly footage: string
          readonly at: number
          readonly label: string
        }
        readonly 'clock-time'?: {
          readonly at: string
          readonly 'plus-minus-seconds': number
          readonly basis: string
        }
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly title: string
          readonly place: string
          readonly timezone?: string
          readonly date: string
          readonly language?: string
          readonly zero?: {
            readonly footage: string
            readonly at: number
            readonly label: string
          }
          readonly 'clock-time'?: {
            readonly at: string
            readonly 'plus-minus-seconds': number
            readonly basis: string
          }
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'PATCH /incidents/{incident}/facts': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
      }
      readonly body: Readonly<Record<string, unknown>>
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly id: string
          readonly title: string
          readonly place: string
          readonly timezone?: string
          readonly date: string
          readonly language?: string
          readonly zero?: {
            readonly footage: string
            readonly at: number
            readonly label: string
          }
          readonly 'clock-time'?: {
            readonly at: string
            readonly 'plus-minus-seconds': number
            readonly basis: string
          }
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/facts/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly id: string
            readonly title: string
            readonly place: string
            readonly timezone?: string
            readonly date: string
            readonly language?: string
            readonly zero?: {
              readonly footage: string
              readonly at: number
              readonly label: string
            }
            readonly 'clock-time'?: {
              readonly at: string
              readonly 'plus-minus-seconds': number
              readonly basis: string
            }
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/story': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly markdown: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'PUT /incidents/{incident}/story': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly headers?: {
        readonly 'if-match'?: string | undefined
        readonly 'if-none-match'?: string | undefined
      }
      readonly body: {
        readonly markdown: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
        readonly version: number
        readonly value: {
          readonly markdown: string
        }
        readonly changedAt: string
        readonly changedBy: string
        readonly entryIndex: number
      }
    }
  }
  readonly 'GET /incidents/{incident}/story/versions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly versions: readonly {
          readonly id: string
          readonly version: number
          readonly value?: {
            readonly markdown: string
          }
          readonly changedAt: string
          readonly changedBy: string
          readonly entryIndex: number
        }[]
        readonly next?: number
      }
    }
  }
  readonly 'POST /incidents/{incident}/comments': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly body: {
        readonly about:
          | {
              readonly kind: 'story'
            }
          | {
              readonly kind: 'claim'
              readonly id: string
            }
          | {
              readonly kind: 'quote'
              readonly id: string
            }
          | {
              readonly kind: 'moment'
              readonly footage: string
              readonly atSeconds: number
            }
        readonly name?: string
        readonly text: string
      }
    }
    readonly answers: {
      readonly 202: {
        readonly id: string
        readonly state: 'waiting' | 'approved' | 'rejected'
      }
    }
  }
  readonly 'GET /incidents/{incident}/comments': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly after?: string | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly comments: readonly Schemas['Comment'][]
        readonly next?: string
      }
    }
  }
  readonly 'GET /incidents/{incident}/moderation': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly state?: 'waiting' | 'approved' | 'rejected' | undefined
        readonly after?: string | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly comments: readonly Schemas['ModeratedComment'][]
        readonly next?: string
      }
    }
  }
  readonly 'GET /incidents/{incident}/moderation/{comment}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly comment: string
      }
    }
    readonly answers: {
      readonly 200: Schemas['ModeratedComment'] & {
        readonly decisions: readonly {
          readonly decision: 'approved' | 'rejected'
          readonly reason: string
          readonly decidedBy: string
          readonly decidedAt: string
        }[]
      }
    }
  }
  readonly 'POST /incidents/{incident}/moderation/{comment}/decisions': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly comment: string
      }
      readonly body: {
        readonly decision: 'approved' | 'rejected'
        readonly reason: string
        readonly seen?: 'waiting' | 'approved' | 'rejected'
      }
    }
    readonly answers: {
      readonly 200: Schemas['ModeratedComment']
    }
  }
  readonly 'GET /incidents/{incident}/publications/{revision}/files': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly revision: number
      }
    }
    readonly answers: {
      readonly 200: {
        readonly files: readonly {
          readonly path: string
          readonly sha256: string
        }[]
      }
    }
  }
  readonly 'GET /incidents/{incident}/items/{item}/original': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly item: string
      }
    }
    readonly answers: {
      readonly 200: ReadableStream<Uint8Array>
      readonly 206: ReadableStream<Uint8Array>
    }
  }
  readonly 'GET /incidents/{incident}/derivatives/{output}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly output: string
      }
    }
    readonly answers: {
      readonly 200: ReadableStream<Uint8Array>
      readonly 206: ReadableStream<Uint8Array>
    }
  }
  readonly 'GET /incidents/{incident}/exhibits': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly after?: string | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly exhibits: readonly {
          readonly id: string
          readonly kind:
            | 'composite'
            | 'segment'
            | 'slow-motion'
            | 'still'
            | 'enlargement'
            | 'photo'
            | 'facsimile'
            | 'quote'
          readonly caption: string
          readonly line: number
          readonly column: number
          readonly shows: readonly {
            readonly list: 'footage' | 'photos' | 'documents'
            readonly id: string
            readonly item?: string
            readonly interval?: {
              readonly fromSeconds: number
              readonly toSeconds: number
            }
          }[]
          readonly onClock?: {
            readonly fromSeconds: number
            readonly toSeconds: number
          }
          readonly speed?: number
          readonly enlargement?: {
            readonly crop: {
              readonly x: number
              readonly y: number
              readonly width: number
              readonly height: number
            }
            readonly factor: number
            readonly kernel: string
          }
          readonly sound?: string
          readonly statements?: readonly string[]
        }[]
        readonly next?: string
      }
    }
  }
  readonly 'GET /incidents/{incident}/moments': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly after?: string | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly moments: readonly {
          readonly key: string
          readonly list: 'footage' | 'photos' | 'documents'
          readonly id: string
          readonly item?: string
          readonly interval?: {
            readonly fromSeconds: number
            readonly toSeconds: number
          }
          readonly page?: number
          readonly region?: {
            readonly unit: 'pixel' | 'share'
            readonly x: number
            readonly y: number
            readonly width: number
            readonly height: number
          }
          readonly onClock?: {
            readonly fromSeconds: number
            readonly toSeconds: number
            readonly plusMinusSeconds: number
          }
          readonly on: readonly {
            readonly kind:
              | 'statements'
              | 'observations'
              | 'events'
              | 'anchors'
              | 'redactions'
              | 'exhibits'
            readonly id: string
          }[]
        }[]
        readonly next?: string
      }
    }
  }
  readonly 'GET /me': {
    readonly wish: {}
    readonly answers: {
      readonly 200: {
        readonly kind: 'nobody' | 'local' | 'person' | 'token'
        readonly person?: string
        readonly name?: string
        readonly email?: string
        readonly hasTwoFactor?: boolean
        readonly isFresh: boolean
        readonly may: readonly (
          | 'incident.read'
          | 'incident.open'
          | 'case.read'
          | 'case.edit'
          | 'story.edit'
          | 'story.publish'
          | 'item.read'
          | 'item.add'
          | 'original.read'
          | 'custody.read'
          | 'link.manage'
          | 'tip.read'
          | 'tip.decide'
          | 'comment.moderate'
          | 'jobs.read'
          | 'jobs.manage'
          | 'people.manage'
          | 'library.manage'
        )[]
      }
    }
  }
  readonly 'GET /people': {
    readonly wish: {}
    readonly answers: {
      readonly 200: {
        readonly people: readonly {
          readonly id: string
          readonly name: string
          readonly email: string
          readonly grants: readonly Schemas['Grant'][]
        }[]
      }
    }
  }
  readonly 'PUT /people/{person}/roles': {
    readonly wish: {
      readonly path: {
        readonly person: string
      }
      readonly body: Schemas['Grant']
    }
    readonly answers: {
      readonly 204: undefined
    }
  }
  readonly 'DELETE /people/{person}/roles': {
    readonly wish: {
      readonly path: {
        readonly person: string
      }
      readonly body: Schemas['Grant']
    }
    readonly answers: {
      readonly 204: undefined
    }
  }
  readonly 'GET /invitations': {
    readonly wish: {}
    readonly answers: {
      readonly 200: {
        readonly invitations: readonly (Schemas['Grant'] & {
          readonly id: string
          readonly madeBy: string
          readonly expiresAt: string
        })[]
      }
    }
  }
  readonly 'POST /invitations': {
    readonly wish: {
      readonly body: Schemas['Grant'] & {
        readonly validHours?: number
      }
    }
    readonly answers: {
      readonly 201: Schemas['Grant'] & {
        readonly id: string
        readonly path: string
        readonly expiresAt: string
      }
    }
  }
  readonly 'DELETE /invitations/{id}': {
    readonly wish: {
      readonly path: {
        readonly id: string
      }
    }
    readonly answers: {
      readonly 204: undefined
    }
  }
  readonly 'POST /invitations/accept': {
    readonly wish: {
      readonly body: {
        readonly code: string
        readonly name?: string
        readonly email?: string
        readonly password?: string
      }
    }
    readonly answers: {
      readonly 200: Schemas['Grant']
    }
  }
  readonly 'POST /people/{person}/recovery-links': {
    readonly wish: {
      readonly path: {
        readonly person: string
      }
      readonly body: {
        readonly validHours?: number
      }
    }
    readonly answers: {
      readonly 201: {
        readonly path: string
        readonly expiresAt: string
      }
    }
  }
  readonly 'POST /recovery-links/accept': {
    readonly wish: {
      readonly body: {
        readonly code: string
        readonly password: string
      }
    }
    readonly answers: {
      readonly 204: undefined
    }
  }
  readonly 'POST /auth/sign-in/email': {
    readonly wish: {
      readonly body: {
        readonly email: string
        readonly password: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly twoFactorRedirect?: boolean
      }
    }
  }
  readonly 'POST /auth/two-factor/verify-totp': {
    readonly wish: {
      readonly body: {
        readonly code: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly user: {
          readonly id: string
        }
      }
    }
  }
  readonly 'POST /auth/two-factor/verify-backup-code': {
    readonly wish: {
      readonly body: {
        readonly code: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly user: {
          readonly id: string
        }
      }
    }
  }
  readonly 'GET /auth/passkey/generate-authenticate-options': {
    readonly wish: {}
    readonly answers: {
      readonly 200: {
        readonly challenge: string
      }
    }
  }
  readonly 'POST /auth/passkey/verify-authentication': {
    readonly wish: {
      readonly body: {
        readonly response: {
          readonly id: string
          readonly rawId: string
          readonly type: 'public-key'
        }
      }
    }
    readonly answers: {
      readonly 200: {
        readonly session: {
          readonly id: string
        }
      }
    }
  }
  readonly 'POST /auth/sign-out': {
    readonly wish: {
      readonly body: {}
    }
    readonly answers: {
      readonly 200: {}
    }
  }
  readonly 'GET /auth/list-sessions': {
    readonly wish: {}
    readonly answers: {
      readonly 200: readonly {
        readonly token: string
        readonly createdAt: string
        readonly userAgent?: string | null
        readonly ipAddress?: string | null
      }[]
    }
  }
  readonly 'POST /auth/revoke-session': {
    readonly wish: {
      readonly body: {
        readonly token: string
      }
    }
    readonly answers: {
      readonly 200: {}
    }
  }
  readonly 'POST /auth/revoke-other-sessions': {
    readonly wish: {
      readonly body: {}
    }
    readonly answers: {
      readonly 200: {}
    }
  }
  readonly 'POST /auth/change-password': {
    readonly wish: {
      readonly body: {
        readonly currentPassword: string
        readonly newPassword: string
        readonly revokeOtherSessions?: boolean
      }
    }
    readonly answers: {
      readonly 200: {
        readonly user: {
          readonly id: string
        }
      }
    }
  }
  readonly 'POST /auth/two-factor/enable': {
    readonly wish: {
      readonly body: {
        readonly password: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly totpURI: string
        readonly backupCodes: readonly string[]
      }
    }
  }
  readonly 'POST /auth/two-factor/disable': {
    readonly wish: {
      readonly body: {
        readonly password: string
      }
    }
    readonly answers: {
      readonly 200: {}
    }
  }
  readonly 'POST /auth/two-factor/generate-backup-codes': {
    readonly wish: {
      readonly body: {
        readonly password: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly backupCodes: readonly string[]
      }
    }
  }
  readonly 'GET /auth/passkey/generate-register-options': {
    readonly wish: {}
    readonly answers: {
      readonly 200: {
        readonly challenge: string
        readonly rp: {
          readonly name: string
        }
        readonly user: {
          readonly id: string
          readonly name: string
          readonly displayName: string
        }
        readonly pubKeyCredParams: readonly {
          readonly alg: number
          readonly type: 'public-key'
        }[]
      }
    }
  }
  readonly 'POST /auth/passkey/verify-registration': {
    readonly wish: {
      readonly body: {
        readonly response: {
          readonly id: string
          readonly rawId: string
          readonly type: 'public-key'
        }
        readonly name?: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly id: string
      }
    }
  }
  readonly 'GET /auth/passkey/list-user-passkeys': {
    readonly wish: {}
    readonly answers: {
      readonly 200: readonly {
        readonly id: string
        readonly name?: string | null
        readonly createdAt: string
      }[]
    }
  }
  readonly 'POST /auth/passkey/delete-passkey': {
    readonly wish: {
      readonly body: {
        readonly id: string
      }
    }
    readonly answers: {
      readonly 200: {}
    }
  }
  readonly 'GET /tokens': {
    readonly wish: {}
    readonly answers: {
      readonly 200: {
        readonly tokens: readonly Schemas['Token'][]
      }
    }
  }
  readonly 'POST /tokens': {
    readonly wish: {
      readonly body: {
        readonly name: string
        readonly actions: readonly (
          | 'incident.read'
          | 'incident.open'
          | 'case.read'
          | 'case.edit'
          | 'story.edit'
          | 'story.publish'
          | 'item.read'
          | 'item.add'
          | 'original.read'
          | 'custody.read'
          | 'link.manage'
          | 'tip.read'
          | 'tip.decide'
          | 'comment.moderate'
          | 'jobs.read'
          | 'jobs.manage'
          | 'people.manage'
          | 'library.manage'
        )[]
        readonly incidents?: readonly string[]
        readonly validDays?: number
      }
    }
    readonly answers: {
      readonly 201: Schemas['Token'] & {
        readonly token: string
      }
    }
  }
  readonly 'DELETE /tokens/{id}': {
    readonly wish: {
      readonly path: {
        readonly id: string
      }
    }
    readonly answers: {
      readonly 204: undefined
    }
  }
  readonly 'GET /jobs': {
    readonly wish: {
      readonly query?: {
        readonly incident?: string | undefined
        readonly state?: 'waiting' | 'running' | 'done' | 'quarantined' | 'cancelled' | undefined
        readonly before?: number | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly jobs: readonly Schemas['Job'][]
        readonly next?: number
      }
    }
  }
  readonly 'GET /jobs/{job}': {
    readonly wish: {
      readonly path: {
        readonly job: number
      }
    }
    readonly answers: {
      readonly 200: Schemas['Job']
    }
  }
  readonly 'POST /jobs/{job}/cancel': {
    readonly wish: {
      readonly path: {
        readonly job: number
      }
    }
    readonly answers: {
      readonly 200: Schemas['Job']
    }
  }
  readonly 'POST /jobs/{job}/retry': {
    readonly wish: {
      readonly path: {
        readonly job: number
      }
    }
    readonly answers: {
      readonly 202: Schemas['Job']
    }
  }
  readonly 'POST /incidents/{incident}/collect': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly body: {
        readonly address: string
      }
    }
    readonly answers: {
      readonly 200: Schemas['Job']
      readonly 202: Schemas['Job']
    }
  }
  readonly 'POST /incidents/{incident}/items/{item}/examine': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly item: string
      }
    }
    readonly answers: {
      readonly 200: Schemas['Job']
      readonly 202: Schemas['Job']
    }
  }
  readonly 'POST /incidents/{incident}/align': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
    }
    readonly answers: {
      readonly 200: Schemas['Job']
      readonly 202: Schemas['Job']
    }
  }
  readonly 'POST /incidents/{incident}/publish': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
    }
    readonly answers: {
      readonly 200: Schemas['Job']
      readonly 202: Schemas['Job']
    }
  }
  readonly 'POST /fixity': {
    readonly wish: {}
    readonly answers: {
      readonly 200: Schemas['Job']
      readonly 202: Schemas['Job']
    }
  }
  readonly 'GET /jobs/{job}/events': {
    readonly wish: {
      readonly path: {
        readonly job: number
      }
    }
    readonly answers: {
      readonly 200: ReadableStream<Uint8Array>
      readonly 204: undefined
    }
  }
  readonly 'GET /search': {
    readonly wish: {
      readonly query?: {
        readonly q?: string | undefined
        readonly incident?: string | undefined
        readonly kind?:
          | 'incident'
          | 'claim'
          | 'statement'
          | 'question'
          | 'event'
          | 'account'
          | 'observation'
          | 'source'
          | 'footage'
          | 'photo'
          | 'document'
          | 'story'
          | undefined
        readonly place?: string | undefined
        readonly from?: string | undefined
        readonly to?: string | undefined
        readonly status?: 'published' | 'unpublished' | 'open-questions' | undefined
        readonly after?: string | undefined
        readonly limit?: number | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly hits: readonly Schemas['SearchHit'][]
        readonly next?: string
      }
    }
  }
  readonly 'POST /fsck': {
    readonly wish: {}
    readonly answers: {
      readonly 200: ReadableStream<Uint8Array>
    }
  }
  readonly 'GET /links': {
    readonly wish: {}
    readonly answers: {
      readonly 200: {
        readonly links: readonly (Schemas['ContributorLink'] & {
          readonly used: {
            readonly files: number
            readonly bytes: number
          }
        })[]
      }
    }
  }
  readonly 'GET /incidents/{incident}/links': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly links: readonly (Schemas['ContributorLink'] & {
          readonly used: {
            readonly files: number
            readonly bytes: number
          }
        })[]
      }
    }
  }
  readonly 'POST /incidents/{incident}/links': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly body: {
        readonly note?: string
        readonly days?: number
        readonly mostBytes?: number
        readonly mostFiles?: number
      }
    }
    readonly answers: {
      readonly 201: Schemas['ContributorLink'] & {
        readonly path: string
      }
    }
  }
  readonly 'DELETE /incidents/{incident}/links/{link}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly link: string
      }
    }
    readonly answers: {
      readonly 204: undefined
    }
  }
  readonly 'GET /tips': {
    readonly wish: {
      readonly query?: {
        readonly state?: 'waiting' | 'accepted' | 'declined' | 'withdrawn' | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly tips: readonly Schemas['Tip'][]
      }
    }
  }
  readonly 'GET /incidents/{incident}/tips': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
      readonly query?: {
        readonly state?: 'waiting' | 'accepted' | 'declined' | 'withdrawn' | undefined
      }
    }
    readonly answers: {
      readonly 200: {
        readonly tips: readonly Schemas['Tip'][]
      }
    }
  }
  readonly 'GET /tips/{tip}': {
    readonly wish: {
      readonly path: {
        readonly tip: string
      }
    }
    readonly answers: {
      readonly 200: Schemas['Tip']
    }
  }
  readonly 'GET /incidents/{incident}/tips/{tip}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly tip: string
      }
    }
    readonly answers: {
      readonly 200: Schemas['Tip'] & {
        readonly contact?: string
      }
    }
  }
  readonly 'POST /incidents/{incident}/tips/{tip}/examination': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly tip: string
      }
    }
    readonly answers: {
      readonly 200: {
        readonly files: readonly {
          readonly sha256: string
          readonly kind: string
          readonly mediaType: string
          readonly findings: readonly Schemas['Finding'][]
        }[]
        readonly notLookedInto: number
      }
    }
  }
  readonly 'POST /incidents/{incident}/tips/{tip}/acceptance': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly tip: string
      }
      readonly body: {
        readonly evenIfArriving?: boolean
        readonly seen?: string
      }
    }
    readonly answers: {
      readonly 200: Schemas['Tip'] & {
        readonly items: readonly {
          readonly incident: string
          readonly sha256: string
          readonly name: string
          readonly seenBefore: boolean
        }[]
      }
    }
  }
  readonly 'POST /incidents/{incident}/tips/{tip}/refusal': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly tip: string
      }
    }
    readonly answers: {
      readonly 200: Schemas['Tip']
    }
  }
  readonly 'POST /incidents/{incident}/uploads': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
    }
    readonly answers: {
      readonly 200:
        | {
            readonly state: 'arriving'
            readonly offset: number
            readonly sizeBytes: number
          }
        | {
            readonly state: 'arrived'
            readonly item: string
            readonly kind: 'recording' | 'photo' | 'document' | 'other'
            readonly mediaType: string
            readonly sizeBytes: number
            readonly seenBefore: boolean
            readonly examined: boolean
            readonly findings: readonly Schemas['Finding'][]
          }
      readonly 201: undefined
      readonly 204: undefined
    }
  }
  readonly 'OPTIONS /incidents/{incident}/uploads': {
    readonly wish: {
      readonly path: {
        readonly incident: string
      }
    }
    readonly answers: {
      readonly 200:
        | {
            readonly state: 'arriving'
            readonly offset: number
            readonly sizeBytes: number
          }
        | {
            readonly state: 'arrived'
            readonly item: string
            readonly kind: 'recording' | 'photo' | 'document' | 'other'
            readonly mediaType: string
            readonly sizeBytes: number
            readonly seenBefore: boolean
            readonly examined: boolean
            readonly findings: readonly Schemas['Finding'][]
          }
      readonly 201: undefined
      readonly 204: undefined
    }
  }
  readonly 'GET /incidents/{incident}/uploads/{upload}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly upload: string
      }
    }
    readonly answers: {
      readonly 200:
        | {
            readonly state: 'arriving'
            readonly offset: number
            readonly sizeBytes: number
          }
        | {
            readonly state: 'arrived'
            readonly item: string
            readonly kind: 'recording' | 'photo' | 'document' | 'other'
            readonly mediaType: string
            readonly sizeBytes: number
            readonly seenBefore: boolean
            readonly examined: boolean
            readonly findings: readonly Schemas['Finding'][]
          }
    }
  }
  readonly 'PATCH /incidents/{incident}/uploads/{upload}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly upload: string
      }
    }
    readonly answers: {
      readonly 200:
        | {
            readonly state: 'arriving'
            readonly offset: number
            readonly sizeBytes: number
          }
        | {
            readonly state: 'arrived'
            readonly item: string
            readonly kind: 'recording' | 'photo' | 'document' | 'other'
            readonly mediaType: string
            readonly sizeBytes: number
            readonly seenBefore: boolean
            readonly examined: boolean
            readonly findings: readonly Schemas['Finding'][]
          }
      readonly 201: undefined
      readonly 204: undefined
    }
  }
  readonly 'DELETE /incidents/{incident}/uploads/{upload}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly upload: string
      }
    }
    readonly answers: {
      readonly 200:
        | {
            readonly state: 'arriving'
            readonly offset: number
            readonly sizeBytes: number
          }
        | {
            readonly state: 'arrived'
            readonly item: string
            readonly kind: 'recording' | 'photo' | 'document' | 'other'
            readonly mediaType: string
            readonly sizeBytes: number
            readonly seenBefore: boolean
            readonly examined: boolean
            readonly findings: readonly Schemas['Finding'][]
          }
      readonly 201: undefined
      readonly 204: undefined
    }
  }
  readonly 'OPTIONS /incidents/{incident}/uploads/{upload}': {
    readonly wish: {
      readonly path: {
        readonly incident: string
        readonly upload: string
      }
    }
    readonly answers: {
      readonly 200:
        | {
            readonly state: 'arriving'
            readonly offset: number
            readonly sizeBytes: number
          }
        | {
            readonly state: 'arrived'
            readonly item: string
            readonly kind: 'recording' | 'photo' | 'document' | 'other'
            readonly mediaType: string
            readonly sizeBytes: number
            readonly seenBefore: boolean
            readonly examined: boolean
            readonly findings: readonly Schemas['Finding'][]
          }
      readonly 201: undefined
      readonly 204: undefined
    }
  }
}
