package console_test

// everyone is every role.
const everyone = "admin editor publisher operator town-officer helper auditor"

// frameMatrix is who may do what on the first page and with cases, content and operations.
func frameMatrix() map[string]string {
	const casework = "admin operator town-officer helper auditor"
	return map[string]string{
		"GET /console":       everyone,
		"GET /console/cases": casework, "GET /console/cases/:receipt": casework, "GET /console/papers/:id": "admin town-officer",

		"GET /console/deliveries": "admin auditor", "GET /console/deliveries/:id": "admin auditor",
		"POST /console/deliveries/retry": "admin", "POST /console/deliveries/:id/retry": "admin",

		"GET /console/endpoints": "admin auditor", "GET /console/endpoints/:id": "admin auditor",
		"POST /console/endpoints": "admin", "GET /console/endpoints/new": "admin",
		"GET /console/endpoints/:id/edit": "admin", "POST /console/endpoints/:id/edit": "admin",
		"POST /console/endpoints/:id/test": "admin", "POST /console/endpoints/:id/enable": "admin",
		"GET /console/endpoints/:id/disable": "admin", "POST /console/endpoints/:id/disable": "admin",
		"GET /console/endpoints/:id/renew": "admin", "POST /console/endpoints/:id/renew": "admin",
		"GET /console/endpoints/:id/replay": "admin", "POST /console/endpoints/:id/replay": "admin",
		"GET /console/endpoints/:id/remove": "admin", "POST /console/endpoints/:id/remove": "admin",

		"GET /console/jobs": "admin auditor", "GET /console/jobs/:id": "admin auditor",
		"POST /console/jobs/start": "admin", "POST /console/jobs/:id/cancel": "admin",
		"GET /console/backups": "admin auditor", "POST /console/backups": "admin", "GET /console/backups/:name": "admin",

		"GET /console/review": everyone, "GET /console/review/:id": everyone, "GET /console/review/:id/sound": everyone,
		"POST /console/review/:id/approve": "admin publisher", "POST /console/review/:id/reject": "admin publisher",
		"POST /console/review/:id/withdraw": everyone, // one's own only
		"GET /console/review/:id/revert":    "admin editor", "POST /console/review/:id/revert": "admin editor",

		"GET /console/policies": everyone, "GET /console/policies/:id": everyone, "GET /console/policies/:id/listen": "admin editor", "POST /console/policies/:id/listen": "admin editor",
		"GET /console/documents": everyone, "GET /console/documents/:id": everyone,
		"GET /console/forms": everyone, "GET /console/forms/:programme": everyone,
		"GET /console/forms/:programme/try": everyone, "POST /console/forms/:programme/try": everyone, // files nothing
		"GET /console/standards": everyone, "GET /console/standards/series": everyone,
		"GET /console/standards/new": "admin editor", "POST /console/standards/new": "admin editor",
		"GET /console/import/:kind": "admin editor", "POST /console/import/:kind": "admin editor", "GET /console/import/:kind/example": "admin editor",
	}
}
