package console_test

// everyone is every role.
const everyone = "admin editor publisher operator town-officer helper auditor"

// frameMatrix is who may do what on the first page and with cases, content and operations.
func frameMatrix() map[string]string {
	const casework = "admin operator town-officer helper auditor"
	return map[string]string{
		"GET /console":       everyone,
		"GET /console/cases": casework, "GET /console/cases/:receipt": casework, "GET /console/papers/:id": "admin town-officer",

		"GET /console/deliveries": "admin auditor", "GET /console/deliveries/:id": "admin auditor", "POST /console/deliveries/:id/retry": "admin",
		"GET /console/endpoints": "admin auditor", "POST /console/endpoints/:id/enable": "admin", "POST /console/endpoints/:id/disable": "admin",

		"GET /console/policies": everyone, "GET /console/standards": everyone,
		"GET /console/lists":              "admin editor publisher town-officer auditor",
		"POST /console/lists/:id/approve": "admin publisher", "POST /console/lists/:id/withdraw": "admin publisher",
	}
}
