package console_test

// rostersMatrix names who may do what with published lists.
func rostersMatrix() map[string]string {
	const listers, publishers = "admin editor publisher town-officer auditor", "admin publisher"
	return map[string]string{
		"GET /console/lists": listers, "GET /console/lists/rules": listers, "GET /console/lists/looks": listers, "GET /console/lists/:id": listers,
		"GET /console/lists/import": publishers, "POST /console/lists/import": publishers,
		"GET /console/lists/:id/approve": publishers, "POST /console/lists/:id/approve": publishers,
		"GET /console/lists/:id/withdraw": publishers, "POST /console/lists/:id/withdraw": publishers,
		"GET /console/lists/:id/allow": publishers, "POST /console/lists/:id/allow": publishers,
		"GET /console/lists/:id/entries/:entry": publishers, "POST /console/lists/:id/entries/:entry": publishers,
		"GET /console/lists/:id/changes/:change": publishers, "POST /console/lists/:id/changes/:change": publishers,
	}
}
