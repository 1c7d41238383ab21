package console_test

// settingsMatrix is who may do what in the room of settings, which also holds the
// wizard, what residents think, and the posters they say are wrong.
func settingsMatrix() map[string]string {
	const see, opinions, casework, inspectors = "admin auditor", "admin editor publisher town-officer auditor", "admin operator town-officer helper auditor", "admin town-officer helper"
	return map[string]string{
		"GET /console/settings": see, "GET /console/settings/emblem.png": see,
		"GET /console/settings/names": "admin", "POST /console/settings/names": "admin",
		"GET /console/settings/contact": "admin", "POST /console/settings/contact": "admin",
		"GET /console/settings/files": "admin", "POST /console/settings/files": "admin", "POST /console/settings/files/remove": "admin",
		"POST /console/settings/undo": "admin",
		"GET /console/setup":          "admin", "POST /console/setup": "admin",
		"GET /console/setup/:step": "admin", "POST /console/setup/:step": "admin", "GET /console/setup/:step/:file": "admin",
		"GET /console/feedback": opinions, "GET /console/reports": casework,
		"GET /console/reports/:receipt": inspectors, "POST /console/reports/:receipt": inspectors,
	}
}
