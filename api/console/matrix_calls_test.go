package console_test

// callsMatrix is who may do what with calls for help and leads.
func callsMatrix() map[string]string {
	const readers = "admin town-officer"
	return map[string]string{
		"GET /console/calls":                    "admin operator town-officer helper auditor",
		"POST /console/calls/:receipt/seen":     readers,
		"POST /console/calls/:receipt/reporter": readers,
		"GET /console/calls/duty":               readers,
		"POST /console/calls/duty":              readers,
		"POST /console/calls/duty/:id/remove":   readers,
	}
}
