package v1

import (
	_ "embed"
	"encoding/json"
	"net/http"

	"github.com/gin-gonic/gin"
)

// description is the contract with other programs. A test holds it against the routes.
//
//go:embed openapi.json
var description []byte

// openAPI describes the calls, with the address they are at here.
func (a *API) openAPI(c *gin.Context) error {
	var doc map[string]json.RawMessage
	if err := json.Unmarshal(description, &doc); err != nil {
		return err
	}
	servers, err := marshal([]map[string]string{{"url": a.url("api", "v1")}})
	if err != nil {
		return err
	}
	doc["servers"] = servers
	c.Header("Access-Control-Allow-Origin", "*") // there is nothing secret in it
	return reply(c, http.StatusOK, doc)
}
