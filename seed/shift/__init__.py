"""Why: a floor full of people who are not there, so that one can watch the warehouse work before owning one.

They know nothing but the public API and the WebSocket: no service, no table. A module a concept: `caller`, `handheld`
and `live` are what a person holds in their hands, `picker`, `packer`, `desk` and `lead` the people, `mistakes` and
`pauses` what makes them human, `day` a whole working day, `report` what came of it.
"""
