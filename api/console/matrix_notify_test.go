package console_test

// notifyMatrix is who may do what with policy texts.
func notifyMatrix() map[string]string {
	const callers = "admin operator"
	return map[string]string{
		"GET /console/notify":          "admin editor publisher operator town-officer helper auditor",
		"GET /console/notify/settings": "admin", "POST /console/notify/settings": "admin",
		"GET /console/notify/caller": callers, "POST /console/notify/caller": callers, "POST /console/notify/caller/leave": callers,
	}
}
