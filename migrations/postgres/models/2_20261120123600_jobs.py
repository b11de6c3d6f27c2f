"""The queue of jobs.

Made by aerich from the models. By hand: the CHECKs and the two partial indexes.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE "job" (
            "id" UUID NOT NULL PRIMARY KEY,
            "name" VARCHAR(64) NOT NULL,
            "payload" JSONB NOT NULL,
            "unique_key" VARCHAR(255),
            "run_at" TIMESTAMPTZ NOT NULL,
            "attempts" SMALLINT NOT NULL,
            "lease_id" UUID,
            "last_error" VARCHAR(500),
            "dead_at" TIMESTAMPTZ,
            "created_at" TIMESTAMPTZ NOT NULL,
            CONSTRAINT "ck_job_attempts" CHECK ("attempts" >= 0),
            CONSTRAINT "ck_job_dead" CHECK ("dead_at" IS NULL OR "lease_id" IS NULL)
        );
        CREATE UNIQUE INDEX "uq_job_key" ON "job" ("unique_key") WHERE "dead_at" IS NULL;
        CREATE INDEX "idx_job_due" ON "job" ("run_at") WHERE "dead_at" IS NULL;
        """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE "job";
        """


MODELS_STATE = (
    "eJztXWtz2ziy/SsofVn7lqOKH3Fyk61bZSeeXc/6kY2d3amdTEkQCUkYU4SGoKyoZvPfLx"
    "p8iA+QIiRRoRh8iCORaJA6ABqN043Gn50Js4nDuz+zQect+rPj4gkRH5KXj1AHT6fLi3DB"
    "xwNHlvs9LDDgvoctX1waYocTcckm3PLo1KfMhYIPbEL8MXVHyGdoQJDNXNJFfW/m9rDfR5"
    "Sj+Zi4CKM5856IhyZ4gQ7wCFP3EPn4iSDqvxV3HYI5QRP2TLi4gpjbRR9ETchjc45GrAsv"
    "YzNLvI141I6fO3PpHzPS89lIPJF44um//iYuU9cmXwmPvk6fekNKHDsFN7WhAnm95y+m8t"
    "rnz9cffpIl4TcNehZzZhN3WXq68MfMjYvPZtTuggzcGxGXeNgndqJB3JnjhM0WXQreWFzw"
    "vRmJX9VeXrDJEM8caNbOX4cz14LWRPJJ8Ofs/8JXSxTr9e7uH3sPV4+9XifXC+AVMg0UXr"
    "KYCz2Iuj4A9ee3oN4lIPJqBx7w/u8Xnw5Ozw8lBIz7I0/elHB1vklB7ONAVIK+RFn+n8P5"
    "/Rh7apyj8hmkxYuug3F0YQnycqhE8EUA1QBpZ4K/9hzijvyx+Hp+VgLxvy4+SZTPzyTKTI"
    "zsYLTfhXdO5C0AewnuFC8chhX9+OeH+zs1vgmRDMQ2tXz0X+RQ7u8h1CXQAhhQ84TzP5wk"
    "pAe3F79k0X5/c3+Z7eZQwWUG+lDxPJGFTu9OS63Vx0Mt0RTc01385NWrCn1clCrs5PJeGu"
    "pg3sjD/EGA5NMJUUO9lMr281CsG31oV29/vL69eni8uP2Y6vIfLh6v4M6JvLrIXD04z7RH"
    "XAn69/Xj3xF8Rf+5v7vKjoy43ON/OvBOeOaznsvmPWwnMYkuR5dSzYt9n0ymPs838MMEO8"
    "6166sbOCmXaWIBU12N+rKucTSCN3hxevL6/I24K18QvrwuaeqH24ubm+u7x8x4kXZTT8+8"
    "ScpsYOQ0TDltYtIk8MTc7xHPY56Oqk9LtU/Vv3r5soKqF6UKVb28l4baJtheQ9cnxLag7B"
    "sGe5t0veURwH2NJk5Lmim9cc0M6+zhU2INCBcG2HqaY8/u5e6wE1ZUNn9rcjLJXsEuHslG"
    "AjThPUP25IaNrqbMGncUzEp876iMXnHYqEfiYitJlvuAkQDCwsOuzSbijSYD4iFP9L85sS"
    "OuA37ebArkhwDaZx6xjxBnyB9jH7kMEew5VEhZM48zD4qNGLMRdhdoIgrnSZYdPnfLJEu5"
    "Wae0QdY06FZTLHVOl5tadMWkyjN2ZgpW5ZKOCmGNRXZnKteP7f+enJyevj55eXr+5tXZ69"
    "ev3ryMkc7fKsP98vpvgHpKYQbN0CC19kxcv0ityXulao3ERSqptJC/BS0xFpWK7mGL4TMm"
    "iLnOIqBgLaE4RHsg7InizBFKY8Bmfhc9ilJPZAG65GCKPZ9CvUdITDLy06Fal9X9wNVK7F"
    "cwywmeRMugULzzW6F2i4toDcWkVHv03A7GYplKjNtdd75JCbZJOW6DSvDxSK9vhwJtwnEn"
    "HXsJeUoHVaVv0opri06q5i6KNAicJ/H2OtRNVL6FPqizKqTNWTFnc5ajbIwP6rv5oMbUto"
    "nbG3psogN/RmyjJtgfrqyWFjB81jpNYfgsrYXfx9hCVS/+PiYt2HJeK2Xsrl4IwsKKuDZi"
    "Q0SwNYb/YUV2fI7iingX9YXR1xuQIfOIDO6BIuJSsJaDm33kkamDLaCeRClZgIufgeQ6z8"
    "6vB3f43A24rSYtOZqwAqyD6RoTlWlRtgKJJMwSZO0liFn1fQ/IQ1WmjXxCzjTA2g0wdJjK"
    "v1+GfSxiYN9HSv2WgLuMj+lUZVcl7pZaVZN0uZUm1YWLBOLEe8aO+IDmYyrsG4ymog7mIk"
    "4IF99E0zyLCxiE/sJRwO4coQHzx2AXcSFpOTOb2O+EhfPid0Zd4M6ZMGqEtMvAkMkbVTt9"
    "chW2fcaJB5RVMb9uQrR3EaJtGMetM45R19YANCFi4MxxjM1ZaTVjmt6GcwcIwN56LsycaJ"
    "uw3bXpz9ZshIzgWk3QMP72hzNCP5BnahGVARreKTU+7WWZSkEdVIAt1KW07oBUw2FIRRf1"
    "g+CxPjo47naPT14fAqFGfY6CRyBqg80IBNoDHbnCgpx6zGeiL6qDOep6kMKsDOzIjuyzy4"
    "dKu/IILW8Gjw1szdbtDhQ9pGtBtJ7lMOup65K5+P17ZoWGDaQ5wS+l2jQDbWN2z46GHLDF"
    "/m+FaAtd4ccnbyr4wkWpQme4vJdG3Wx3XeJbaYPIcckGkeP8BpGp6JVD5in83cUYJ2XaiP"
    "N5FZiz7tMEyudZkOXWJU7IOtsus7LGs904z7YJYKg2ysQPtO9dZxEaX3vS7KGdWNrqs6m9"
    "ZqunJU2rN6XVFYM9fHtDSm5xAZNjDdLo5qH9SazKxDr2H2QhAb4Gy9q1VCZfuOz/HFazn5"
    "Aury41kYfn8fo62aHEbxe/mPiB9Xbx8P7iw1XnWzENk3BYEM4hBEhBl4WSP/3jEwnWL8VI"
    "PwS1tAjsb3UyVfcueRQq/b341lHQVcnbR2WcFXNJD+YG8fp2RerqUe4CIsihzwSBmKSUXE"
    "Rt4vp0CNsXD8iLCaYOYh666h6fnx0hV1j82KGc2IfBDiEpSH1OnCFwTsFeSITB6/lEFuLj"
    "GPOxOhZtlw+v4jklX6dUKCaYhcucp9ELaq39U1LbWS593+C0uhLUFFNZ0Ng9aFAd4FNCLV"
    "ymbj/7lUkc09kuZcjF0F9jTZAQa+GCYH8XAPl1X2Le0GzjtKRp5sY1c0P8mZ/IUPyQ8SN7"
    "IsrtCqn7pXaiF5QUhlBUtJKdCDNovG8grAPJOoSpFS4coJD4Z3fRBRILElvadxabQCgbwI"
    "Dw0CfBdoGReCIJIt/k7oGgArWVuLtHV9rLHpSPHaGVbEb5ttqmS1qqdTbjtiyXYoMResI6"
    "ZBzfJhPXsFCQfVfIZt794ZrZOFOKNep+0upVnCmJiTbX6iXx0ykpQ66Xk+t8ydVuyK+3j/"
    "U9ylDs6Z6ly7LXuTiIsFesCxLNUrwkSPSCChttEBcdg9gvqBvGFnbRlWg5O7KkgzxST2Tq"
    "yzxT1Evb7BxNZtyH4ws8YrGRC2RukFPPI2B4KTbY7OKJOhtrxHUCz5c2P6wBgrfSWxKYQM"
    "gaVF3ZYoBOYfIR5RXEZglvn5JqX7rhsyq8/VkxbX+WSysvR4lQVK7CWivJ4J+Sah/OtWTw"
    "l0Fhay5ys7ItNI73xBg2S13TzHEzR3aFbiMn5Axn1fAW7olFO1etuoqnx7RU+6bH05MKs+"
    "PpSeHkCLdMCjFDGpkI3La1epUI3OX6O9foxUvqlJAhCk2mBRPU3DDGdWVQc14HbAHU5Qbx"
    "lsKaUnzrR4sH3GoecJ1Y8WzYSksQrzVgXA56BdUfKYNinj/g2CyLzaqeWHERprHqov7/wO"
    "mafRSo+/CsiDFJRGRDKtAJD7KERoR70FDowGFzOAsHc/IuCOVWHFZR87N+lBON20DVQ0fV"
    "3fGdlGlhmPeraqcClhwKqOLp4bP2WbsZudbFpW0fagLbWLTonkigfUxPLY4QiZduR04JbQ"
    "XoBnXiGmF+Jh5sZFLlj2bMIdgtgzspnMF8IKTr0tPxld3OgZf39zcpDuXyOpM16+7z7eXV"
    "p4Nj2QyiEA0s8fwmkukYdvgVZfMpydKRkWtdR6+irU+KtfVJPheKRGzNXp4XNr1cp5djzu"
    "dMLJF0Y+VzgmbmrKTSbcqnDl70dM3trFwLTe5aEi0NKNOBOSzevs5cyzHnnlDMOuhG5XfX"
    "eTufH64+1bUYrzt/lUuIzXtTjw2pQ3qc+LOp5uxYUMMOp8jIUNnbGTJga9fxcKYlTZRIcx"
    "yaZstL+/3YJnrhR2z1ougFjW3lWRfnhi631rk3VZvGTAqrMpBgnbwhQuBs/Leopq0QDcB5"
    "JvTpQMEo6+B0CfW0GqQNO1KrARJ3XSLdsjIr24ZQvY9ri7LBtRQzH1uq7FOaWEEtLQepx4"
    "YGphKYPCLelfu85xGL0Gclma+P1qeg1taDxpVb+AxgucEYrriTZ/xtrr7iqvaWiClHTayP"
    "BGbhMY+boRWcKdlSnJYHYe4Kpb0chBOxZMOjTU2s26CWFnWluiNR5SKwIBo1WiCuiEidR8"
    "UqhKNC2SDsMz5hlXI0ZDPXRoPF29Sx9qGLErnyaPrg2Hu4HgWwHSEZKvoCQkXtIzSnokfM"
    "RMWWJSY+rgpQ3eHTv7hf3HsXfQyopod/3qA+PL0vE935MvNxdA7Yl877L+JlOYtfzSND+h"
    "VeDSMPuyMSPVt2TiREwnNnR9QlfPUBYLKBsid8/dqJ2m2982bLTuBThtAqcsiGg7C5cYU7"
    "PPiwOJo2aqeqXtGovHHpV3Ppm61SZqvU997Ts8H5D3VaCAG7pzAPYtqv2DYYxEVW2gX9gK"
    "71+miOBXAIDkyHzK9wnC4Kb9r9LrpjA2Yv0EDMszAdhlIwUZJnyA7LHEX6qW1Xrpxqw9Jw"
    "P6xRMeFGpHR7znZvw2YV46ovnnz302lbxVWfGIsawy0tZab+bHBkoAXXAtXYU9XsqcRMY0"
    "yqMpMq3a1Wb0CP5m0DbCVg7QaaqxkPq8Juzftgiw3YjPe3KsUlj7SSTE5YAUfzMZM2JLew"
    "C6e6S7YI9cHo7x8h5kJGVJhm5YHv8riE+CwsFY1VwxN00qf+VjlHalMOfGrQdqf6D00wmQ"
    "bXmZCbZL+aCGOzbCmKMDZcpeEqv7P911CuMoqFUlt9UZhUqbkXF1rNWErLClFXcoVhhnE0"
    "YOwJfHV9Nhct338Lp1i94NQWRha6nfkz7IDZ5c8Z8thc4aHcSq3geex7ZMKepY7vy5z6SM"
    "oiH6oS1iF4Kudj6oQ0J9ChUChK4AOndom6hIGIFxzNXJ86cH8hPsryS2flHP6IW1/ccFUQ"
    "+VU5IRwdUB684CGyGZHUK7LG4NF8J14l8V7ilcRPGIkfVkyxypKRv1LBrq7nxjTUao3Uqk"
    "utJ92NyUmZ9m2brcWBSXlviJ+ZB3sOc0iX7ufMSJpUBxobOYMAOH3zOynXQuN7T4ztSmus"
    "5Syq28hpSbNXt8mtbFbSxZNXi1fSZq9uy1pdMdhzYcZyEaFJoCRlDINigud2SEjFa17DSJ"
    "UxUskRutrRa1i+/Wf5oi1pxWRfYtPaSs6v5yUKr+T+gB2D4+lDIaDmMJpi6sGnKWFTRwhF"
    "DlnMgRSDw9rewWdg2vBIwI7YFE62lCfYww4Dj83zfGBtT5IcoVj8j6lYjLr9t9JjjDmCLY"
    "PIZ0eIeeK7WPrKTN1A902IjI4UDwsow7BCOLfKCwlDYtEphQpc+T4OwZ54rnhT6h8B9fcF"
    "rrsID31xN2QSxVu+S9QU0IY4/sGSY6QBcYhdPic6/uqgyrAPi9EccBwSpvjkz/ili4sZOr"
    "EpdCL0fN0kwUmZ1gUTvKlCJr4p5hLf5KhEMdD02FqmZA5bwNSeVmJqT0uY2tM8Uxurl6r4"
    "xgJt3Myz9QSHzxTrgBsWN9BWgDY2FvQ9DEs541/Q8S9EFkgO8BX+hYRcC8mp/SWj8hxkZN"
    "Ku08ppUeNhaHI7Gw9D8by1n1yz8TD8iK1excOQZRSq8gNZOUONZ9dOSTqnKqopIQNpubch"
    "AMtQ46uo8VSnWu1viEe2QXYVslkl2DDPwzKnm9rvkMr5Vup1SJessKvMpgIbGT3rAzmP0c"
    "hjs2kXXftchurSgJAHchfNJJU+H1NrjKK8WvIQzuAUKWLLfEZhYrIwIFe1z2wnzzTnejZr"
    "fjgqIeCfxE/VIdii8oZhq8Cw+dTXO/0mFmgf+V5LmHTyzTRgzoi1D+xajnIK5g5db11aqm"
    "1HHW7fXQfe/h4nf+QxLszNlxRZnaFvW3r5ZV0ABxn6To7PXp+9OT0/ixPzxVfK8vHlSffA"
    "QOnFR6xXBDUrZoDNeTOEFfRM/cU6VHdatIV02P7SX3nWM/D29SC7miZXk5fcwFhv2Iy7JQ"
    "pszOaupr5PyayllxoG5bY1UwDQBvpJWYFxyDVZSRmHXPHw2k/XjHHI/YitXsUhF43YwULT"
    "HskJGnOk1H20xGt3jo5m4rrSz5HrWilHh3gLdPf55qbM05E7YCSPuTlc5HsdLrI3INXpLw"
    "u7lMJTtuxsxT6yybJMBe9YdJiHizBKetdg38kcHfQdMvQhF458x0NwZg3IEJwx6BZ7T4Gj"
    "SjxHqH4/POwDciV6lCv9YjU/TZn9JuszVCbBMZ6ypnjKPKbny4nK785T1rm9gkDkumDNMN"
    "9ViO9i3jtLe//OqLuWHZ8SbKEZv79me361FmpR3SZOiBkOpsntO6SetvMqJbM7J8txXUpy"
    "y1Tm93AHNmyEbBtSYZjSZ7nRQg/XnJxxCWahBcpJE9WkiAFUCeg6ucqw2Ua0DzMmHEHVW1"
    "chqYWNys8PI4nUGsopJ2fALQNXX1FlZY22arK2ojyZVkdvy3hC0OwZ19gzLqBzKPdVpxit"
    "gnwpt0PEIxpwbwE3gQTFM8d+upRNIMGP2OpVAgmCxN3aYQQZMRNEkNGgCceWboBGXtRs8T"
    "X5WXcZ8pLxym4Y9JLdQrqfEK+OfsmPW5O1dUdZW1UT2u5gbeYMthLVzBSuHaxVb5hNEJWk"
    "jLOJA5bKAm2WhVZG2ty7iQ3doWQX9Tn5ow+7wW3icoKoC4dTyZNGkyNdRrrII58g2oV5kD"
    "i2k2mmrT8AEt1+lHvR59h5QgcZ1XOERM2HXXTH0FSUQhO8QDJ57YAEFYi3GCwQtd+ij8HE"
    "8PDPGzRnM8cOKoTHURvJ/iu+eGw2Gss8t95C5ssVaJO/8OWO+AM+JcTuTsSTv0AkkYNdeS"
    "6Xh6dfOofVw3+AYfwNEtguc3ZYjkycED4qPgmrdeFB8knw52zPYoI09+3s2su1RySyyUNQ"
    "Zx4C8lVBazyKqwWsfFi+DRvjy9iKq18eU0RFhOHB7cUvhymy4ub+7m9R8QTm72/uL3Me26"
    "mzEKpeO1dYSsxQChlKITcTaugKpXAb+nY955Cn1sI+IKd/3ntazmC9GmuTjXnXjh5OHWUG"
    "t1K4l0IGaw2siU3X866kBE10QHN8KXkXWkCgrNPIaUnTyk1uZeMe/yGauUH+cDOY6xvMxl"
    "Nb56r1u+a33p9hY5y1e+Cs3XUm8WZ23w0SiX9vr+IF8ag17iiciuGdozKfIl6WWeVSLMZ0"
    "y4mhCx0tSt2p8LOEDbiZH6vxTpZi9xVoAc3UuQmRFrpeTl69qsDriVKFxJ68l8mTKQaVBs"
    "Jh8RaiW0sK6JBrziP888P9XSk9rVqeUMtH/0UQOL+HaJeAC2CUu7qyXq2MLQYVXKqMsV1O"
    "Zt/+H7yOx9M="
)
